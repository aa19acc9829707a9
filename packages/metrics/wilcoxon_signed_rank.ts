import { erfc } from "./internal/erfc.ts";
import { averageRanks } from "./internal/ranks.ts";

/** What {@linkcode wilcoxonSignedRank} finds. */
export interface WilcoxonResult {
  /** The smaller of the two sums of ranks. */
  statistic: number;
  /** Two-sided p-value. */
  pValue: number;
  /** How it was computed. */
  method: "exact" | "normal";
  /** How many differences are not zero. */
  used: number;
}

/**
 * Wilcoxon's signed-rank test of paired differences, two-sided: would their signs be as one-sided as this
 * by chance?
 *
 * Zeros are left out, and equal differences share the mean of their ranks. The distribution is exact up to
 * 50 differences, or up to 13 where some are zero or equal; beyond, it is the normal approximation with the
 * correction for ties and without one for continuity. This is the default of `scipy.stats.wilcoxon` (SciPy
 * 1.17). Where all differences are zero the p-value is 1 (SciPy's is `NaN` for more than 13).
 *
 * @example Nine cases, of which eight became better
 * ```ts
 * import { wilcoxonSignedRank } from "@mednext/metrics";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const differences = [0.01, 0.02, 0.03, -0.04, 0.05, 0.06, 0.07, 0.08, 0.09];
 * assertAlmostEquals(wilcoxonSignedRank(differences).pValue, 14 / 512);
 * ```
 *
 * @param differences One for each pair; they may be infinite.
 * @returns Statistic, p-value (`NaN` without any difference) and method.
 * @throws {RangeError} If a difference is `NaN`: leave such pairs out, and say so.
 */
export function wilcoxonSignedRank(differences: ArrayLike<number>): WilcoxonResult {
  const all = Float64Array.from(differences);
  if (all.some(Number.isNaN)) {
    throw new RangeError(
      `Cannot test differences as they must be numbers: current value is NaN at ${
        all.findIndex(Number.isNaN)
      }`,
    );
  }
  const signed = all.filter((difference) => difference !== 0);
  const { ranks, ties } = averageRanks(signed.map(Math.abs));
  const total = ranks.reduce((sum, rank) => sum + rank, 0);
  const positive = ranks.reduce((sum, rank, i) => signed[i] > 0 ? sum + rank : sum, 0);
  const statistic = Math.min(positive, total - positive);
  const even = ties.every((size) => size === 1) && signed.length === all.length;
  const method = all.length <= (even ? 50 : 13) ? "exact" : "normal";
  const pValue = all.length === 0
    ? NaN
    : signed.length === 0
    ? 1
    : method === "exact"
    ? exactP(ranks, statistic)
    : normalP(statistic, signed.length, ties);
  return { statistic, pValue, method, used: signed.length };
}

/** Twice the share of all 2^n choices of signs whose sum of positive ranks is not above the statistic. */
function exactP(ranks: Float64Array, statistic: number): number {
  const doubled = ranks.map((rank) => Math.round(2 * rank)); // shared ranks are halves
  const ways = new Float64Array(Math.round(2 * statistic) + 1);
  ways[0] = 1;
  for (const rank of doubled) {
    for (let sum = ways.length - 1; sum >= rank; sum--) ways[sum] += ways[sum - rank];
  }
  const below = ways.reduce((sum, count) => sum + count, 0);
  return Math.min(1, 2 * below / 2 ** ranks.length);
}

function normalP(statistic: number, count: number, ties: readonly number[]): number {
  const mean = count * (count + 1) / 4;
  const tied = ties.reduce((sum, size) => sum + size ** 3 - size, 0);
  const variance = (count * (count + 1) * (2 * count + 1) - tied / 2) / 24;
  return erfc((mean - statistic) / Math.sqrt(variance) / Math.SQRT2);
}
