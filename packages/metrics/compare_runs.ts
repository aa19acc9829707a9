import type { BootstrapOptions } from "./bootstrap_interval.ts";
import type { CaseEvaluation } from "./case_evaluation.ts";
import { holmCorrection } from "./holm_correction.ts";
import { completeBootstrap } from "./internal/bootstrap.ts";
import { bootstrapMeans, nanMean } from "./internal/bootstrap_means.ts";
import { checkRuns } from "./internal/check_runs.ts";
import { type Column, columnsOf } from "./internal/columns.ts";
import { toJsonNumber } from "./internal/json_number.ts";
import type { ComparedMetric, RunComparison } from "./run_comparison.ts";
import { wilcoxonSignedRank } from "./wilcoxon_signed_rank.ts";

/** A run to compare: what `evaluateCase` gave for each case. */
export interface ComparedRun {
  /** Its name in the results. */
  name: string;
  /** Its cases, in any order. */
  cases: readonly CaseEvaluation[];
}

/** Options of {@linkcode compareRuns}. */
export interface CompareRunsOptions {
  /**
   * How to make the intervals.
   *
   * @default {{}} (10000 draws, 95 percent, seed 0)
   */
  bootstrap?: BootstrapOptions;
}

/**
 * Compares two or more runs on the same cases, case by case: for each pair of runs, label and metric the
 * mean difference with its paired bootstrap interval, and Wilcoxon's signed-rank test, with Holm's
 * correction over all of these tests.
 *
 * Beside the labels there is their mean within each case, without background. A case in which a run has no
 * value (`NaN`) is left out of that row, and `used` of `of` says so. Where one run misses a structure and
 * its distance is infinite the difference is infinite, too, and counts; where both do, it is 0.
 *
 * @example Two runs on three cases
 * ```ts
 * import { compareRuns, evaluateCase, parseMetricSpecs } from "@mednext/metrics";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const run = (name: string, predicted: number[][]) => ({
 *   name,
 *   cases: predicted.map((mask, i) =>
 *     evaluateCase(Uint8Array.of(1, 1, 1, 0), Uint8Array.from(mask), {
 *       id: `case_${i}`,
 *       shape: [1, 1, 4],
 *       spacing: [1, 1, 1],
 *       labels: [{ name: "organ", values: [1] }],
 *       metrics: parseMetricSpecs(["dice"]),
 *     })
 *   ),
 * });
 * const { rows: [row] } = compareRuns([
 *   run("k3", [[1, 1, 0, 0], [1, 0, 0, 0], [1, 1, 1, 1]]), // Dice 0.8, 0.5, 6/7
 *   run("k5", [[1, 1, 1, 0], [1, 1, 0, 0], [1, 1, 1, 0]]), // Dice 1, 0.8, 1
 * ]);
 * assertAlmostEquals(row.difference.value!, (0.2 + 0.3 + 1 / 7) / 3);
 * assertEquals([row.used, row.pValue], [3, 0.25]);
 * ```
 *
 * @param runs The runs, each with the same cases, labels and metrics.
 * @param options How to make the intervals.
 * @returns A row for each pair of runs (the earlier one first), label and metric.
 * @throws {RangeError} If there are fewer than two runs, two have one name, or cases, labels or metrics
 * are not the same.
 */
export function compareRuns(
  runs: readonly ComparedRun[],
  options: CompareRunsOptions = {},
): RunComparison {
  checkRuns(runs);
  const bootstrap = completeBootstrap(options.bootstrap ?? {});
  const ids = runs[0].cases.map(({ id }) => id);
  const measured = runs.map(({ name, cases }) => ({ name, columns: columnsOf(cases, ids) }));
  const rows = measured.flatMap((first, i) =>
    measured.slice(i + 1).flatMap((second) => comparePair(first, second, bootstrap))
  );
  const corrected = holmCorrection(rows.map(({ pValue }) => pValue ?? NaN));
  return {
    runs: runs.map(({ name }) => name),
    cases: ids,
    rows: rows.map((row, i) => ({ ...row, pHolm: toJsonNumber(corrected[i]).value })),
    bootstrap,
  };
}

interface MeasuredRun {
  name: string;
  columns: Column[];
}

function comparePair(
  first: MeasuredRun,
  second: MeasuredRun,
  bootstrap: Required<BootstrapOptions>,
): ComparedMetric[] {
  const pairs = first.columns.map(({ values }, c) => pairsOf(values, second.columns[c].values));
  const differences = pairs.map(({ difference }) => difference);
  const intervals = bootstrapMeans(differences, { ...bootstrap, groups: [] });
  return pairs.map((pair, c) => {
    const defined = pair.difference.filter((value) => !Number.isNaN(value));
    const { statistic, pValue, method } = wilcoxonSignedRank(defined);
    return {
      first: first.name,
      second: second.name,
      ...first.columns[c].named,
      firstMean: toJsonNumber(nanMean(pair.first)),
      secondMean: toJsonNumber(nanMean(pair.second)),
      difference: toJsonNumber(nanMean(pair.difference)),
      ...(intervals[c] === undefined ? {} : { interval: intervals[c] }),
      used: defined.length,
      of: pair.difference.length,
      statistic,
      pValue: toJsonNumber(pValue).value,
      pHolm: null,
      method,
    };
  });
}

/** The values of both runs where both have one, `NaN` elsewhere, and their differences. */
function pairsOf(first: Float64Array, second: Float64Array) {
  const both = first.map((value, k) => value + second[k]);
  const only = (values: Float64Array) =>
    values.map((value, k) => Number.isNaN(both[k]) ? NaN : value);
  const difference = first.map((value, k) => value === second[k] ? 0 : second[k] - value);
  return { first: only(first), second: only(second), difference };
}
