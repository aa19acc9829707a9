/**
 * Holm's step-down correction of the p-values of a family of tests: what is below the level afterwards
 * keeps the chance of even one false finding in the whole family below it.
 *
 * `NaN` (nothing to test) stays and is not part of the family. The same as R's `p.adjust(p, "holm")` and
 * `statsmodels`' `multipletests(p, method="holm")`.
 *
 * @example
 * ```ts
 * import { holmCorrection } from "@mednext/metrics";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(holmCorrection([0.25, 0.0625, NaN, 0.125]), [0.25, 0.1875, NaN, 0.25]);
 * ```
 *
 * @param pValues The p-values, from 0 to 1 or `NaN`.
 * @returns The corrected ones, in the same order.
 * @throws {RangeError} If one is not from 0 to 1.
 */
export function holmCorrection(pValues: readonly number[]): number[] {
  const wrong = pValues.find((p) => p < 0 || p > 1);
  if (wrong !== undefined) {
    throw new RangeError(
      `Cannot correct p-values as they must be from 0 to 1: current value is ${wrong}`,
    );
  }
  const family = [...pValues.keys()].filter((i) => !Number.isNaN(pValues[i]))
    .sort((a, b) => pValues[a] - pValues[b]);
  const corrected = [...pValues];
  let largest = 0;
  family.forEach((i, place) => {
    largest = Math.max(largest, Math.min(1, (family.length - place) * pValues[i]));
    corrected[i] = largest;
  });
  return corrected;
}
