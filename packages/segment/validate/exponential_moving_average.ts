/** Settings of {@linkcode exponentialMovingAverage}. */
export interface ExponentialMovingAverageOptions {
  /**
   * How much of the previous average stays.
   * @default {0.9}
   */
  momentum?: number;
}

/**
 * The next value of a moving average, 0.9 · previous + 0.1 · value: what nnU-Net picks its best checkpoint by.
 *
 * @example From the first value on
 * ```ts
 * import { exponentialMovingAverage } from "@mednext/segment";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const first = exponentialMovingAverage(undefined, 0.5);
 * assertEquals(first, 0.5);
 * assertAlmostEquals(exponentialMovingAverage(first, 0.7), 0.52);
 * ```
 *
 * @param previous The average so far; `undefined` before the first value.
 * @param value The new value; one that is not a number leaves the average as it was.
 * @param options How slowly the average moves.
 */
export function exponentialMovingAverage(
  previous: number | undefined,
  value: number,
  options: ExponentialMovingAverageOptions = {},
): number {
  const { momentum = 0.9 } = options;
  if (previous === undefined || Number.isNaN(previous)) return value;
  return Number.isNaN(value) ? previous : momentum * previous + (1 - momentum) * value;
}
