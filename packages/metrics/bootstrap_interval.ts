import { completeBootstrap, intervalOf } from "./internal/bootstrap.ts";
import { resampleIndices } from "./internal/resample.ts";

/** How to resample. */
export interface BootstrapOptions {
  /**
   * How many times to draw.
   *
   * @default {10000}
   */
  resamples?: number;
  /**
   * Seed of the draws, from 0 to 2^32 - 1. The same seed draws the same cases.
   *
   * @default {0}
   */
  seed?: number;
  /**
   * The share of the draws that the interval spans.
   *
   * @default {0.95}
   */
  confidence?: number;
}

/** An interval. */
export interface Interval {
  /** The lower end. */
  low: number;
  /** The upper end. */
  high: number;
}

/**
 * The percentile bootstrap interval of a statistic: cases are drawn with replacement, as many as there
 * are, and the interval spans the middle `confidence` of what the statistic then gives.
 *
 * The same as `scipy.stats.bootstrap(…, method="percentile")` for the same draws. Draws for which the
 * statistic is `NaN` are left out.
 *
 * @example The median of five cases
 * ```ts
 * import { bootstrapInterval } from "@mednext/metrics";
 * import { assertEquals } from "@std/assert";
 *
 * const dice = [0.8, 0.9, 0.85, 0.7, 0.95];
 * const median = (cases: Uint32Array) => Array.from(cases, (i) => dice[i]).sort()[2];
 * assertEquals(bootstrapInterval(5, median), { low: 0.7, high: 0.95 });
 * ```
 *
 * @param count How many cases there are.
 * @param statistic Gives the statistic of the cases with these indices; the array is used again.
 * @param options How to resample.
 * @returns The interval; undefined if the statistic is `NaN` for every draw, or there are fewer than two
 * cases.
 * @throws {RangeError} If an option is not valid.
 */
export function bootstrapInterval(
  count: number,
  statistic: (indices: Uint32Array) => number,
  options: BootstrapOptions = {},
): Interval | undefined {
  const complete = completeBootstrap(options);
  if (count < 2) return undefined;
  const drawn: number[] = [];
  for (const indices of resampleIndices(count, complete)) drawn.push(statistic(indices));
  return intervalOf(Float64Array.from(drawn), complete.confidence);
}
