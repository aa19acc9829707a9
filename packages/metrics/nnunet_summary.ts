import type { CaseEvaluation, LabelEvaluation } from "./case_evaluation.ts";
import { nanMean } from "./internal/bootstrap_means.ts";
import { checkCases } from "./internal/check_cases.ts";

/** What nnU-Net says of one label: counts are voxels, `Dice` and `IoU` are `NaN` where both masks are empty. */
export type NnunetMetrics = Record<
  "Dice" | "IoU" | "FP" | "TP" | "FN" | "TN" | "n_pred" | "n_ref",
  number
>;

/** The content of nnU-Net's `summary.json`; keys of labels are `"1"`, those of regions `"(1, 2)"`. */
export interface NnunetSummary {
  /** Means over the labels' means, without background. */
  foreground_mean: NnunetMetrics;
  /** Means over the cases, by label. */
  mean: Record<string, NnunetMetrics>;
  /** Every case. */
  metric_per_case: {
    metrics: Record<string, NnunetMetrics>;
    prediction_file: string;
    reference_file: string;
  }[];
}

/** Options of {@linkcode nnunetSummary}. */
export interface NnunetSummaryOptions {
  /** The files of a case, as they shall be named. */
  files: (id: string) => { prediction: string; reference: string };
}

/**
 * The same counts as nnU-Net's `summary.json` lays them out, for tools that read those.
 *
 * Its rules are nnU-Net's: the mean of a label leaves `NaN` out, the foreground mean does not, so that a
 * label that no case has makes it `NaN` (`summarize` leaves such a label out).
 *
 * Source: nnU-Net v2, `evaluation/evaluate_predictions.py`, `compute_metrics_on_folder`.
 *
 * @example
 * ```ts
 * import { evaluateCase, nnunetSummary, parseMetricSpecs } from "@mednext/metrics";
 * import { assertEquals } from "@std/assert";
 *
 * const evaluation = evaluateCase(Uint8Array.of(1, 1, 0, 0), Uint8Array.of(1, 0, 0, 0), {
 *   id: "a",
 *   shape: [1, 1, 4],
 *   spacing: [1, 1, 1],
 *   labels: [{ name: "organ", values: [1] }],
 *   metrics: parseMetricSpecs(["dice"]),
 * });
 * const files = (id: string) => ({ prediction: `${id}.nii.gz`, reference: `labelsTr/${id}.nii.gz` });
 * assertEquals(nnunetSummary([evaluation], { files }).mean["1"].IoU, 0.5);
 * ```
 *
 * @param cases What `evaluateCase` gave for each case, with whatever metrics.
 * @param options How the files are named.
 * @returns The content of the file; it may hold `NaN`, which nnU-Net writes as such.
 * @throws {RangeError} If there are no cases, one is given twice, or cases differ in labels or metrics.
 */
export function nnunetSummary(
  cases: readonly CaseEvaluation[],
  options: NnunetSummaryOptions,
): NnunetSummary {
  checkCases(cases, { what: "write nnU-Net's summary" });
  const metric_per_case = cases.map(({ id, labels }) => {
    const { prediction, reference } = options.files(id);
    const metrics = Object.fromEntries(labels.map((label) => [keyOf(label), metricsOf(label)]));
    return { metrics, prediction_file: prediction, reference_file: reference };
  });
  const keys = cases[0].labels.map(keyOf);
  const mean = Object.fromEntries(
    keys.map((key) => [key, averaged(metric_per_case.map(({ metrics }) => metrics[key]), nanMean)]),
  );
  const foreground = keys.filter((key) => key !== "0").map((key) => mean[key]);
  return { foreground_mean: averaged(foreground, plainMean), mean, metric_per_case };
}

function keyOf({ values }: Pick<LabelEvaluation, "values">): string {
  return values.length === 1 ? String(values[0]) : `(${values.join(", ")})`;
}

function metricsOf(label: LabelEvaluation): NnunetMetrics {
  const { truePositives: TP, falsePositives: FP, falseNegatives: FN, trueNegatives: TN } = label;
  return {
    Dice: 2 * TP / (2 * TP + FP + FN),
    FN,
    FP,
    IoU: TP / (TP + FP + FN),
    TN,
    TP,
    n_pred: FP + TP,
    n_ref: FN + TP,
  };
}

function averaged(
  records: readonly NnunetMetrics[],
  mean: (values: number[]) => number,
): NnunetMetrics {
  const names = ["Dice", "FN", "FP", "IoU", "TN", "TP", "n_pred", "n_ref"] as const;
  const entries = names.map((name) => [name, mean(records.map((record) => record[name]))]);
  return Object.fromEntries(entries);
}

function plainMean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
