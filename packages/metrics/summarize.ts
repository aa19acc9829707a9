import type { BootstrapOptions, Interval } from "./bootstrap_interval.ts";
import type { CaseEvaluation } from "./case_evaluation.ts";
import { completeBootstrap } from "./internal/bootstrap.ts";
import { bootstrapMeans } from "./internal/bootstrap_means.ts";
import { checkCases } from "./internal/check_cases.ts";
import { fromJsonNumber, toJsonNumber } from "./internal/json_number.ts";
import type { JsonNumber, MetricRecord } from "./metric_record.ts";
import type { LabelSummary, MetricMean, MetricsSummary } from "./metrics_summary.ts";

/** Options of {@linkcode summarize}. */
export interface SummarizeOptions {
  /**
   * The names of all cases that must be there, so that a case without a prediction is an error and not a
   * better mean.
   *
   * @default {undefined} (those that are given)
   */
  expected?: readonly string[];
  /**
   * How to make a bootstrap interval for each mean: cases are drawn, and all means are made anew.
   *
   * @default {undefined} (no intervals)
   */
  bootstrap?: BootstrapOptions;
}

/**
 * Means over cases: for each label and metric the mean of the values that are defined, with how many those
 * were, and over the labels the foreground mean.
 *
 * `NaN` is left out of a mean (as `numpy.nanmean`, as nnU-Net does for each class). `Infinity`, which some
 * conventions give for a missing structure, is not: it makes the mean `Infinity`. The foreground mean also
 * leaves out labels without any defined value, where nnU-Net's would become `NaN`; `used` says how many
 * labels it is made of. A label that is only the value 0 is background and is not part of it.
 *
 * @example Two cases, one without the structure
 * ```ts
 * import { evaluateCase, parseMetricSpecs, summarize } from "@mednext/metrics";
 * import { assertEquals } from "@std/assert";
 *
 * const options = {
 *   shape: [1, 1, 2] as [number, number, number],
 *   spacing: [1, 1, 1] as [number, number, number],
 *   labels: [{ name: "organ", values: [1] }],
 *   metrics: parseMetricSpecs(["dice"]),
 * };
 * const summary = summarize([
 *   evaluateCase(new Uint8Array([1, 1]), new Uint8Array([1, 1]), { ...options, id: "a" }),
 *   evaluateCase(new Uint8Array([0, 0]), new Uint8Array([0, 0]), { ...options, id: "b" }),
 * ], { expected: ["a", "b"] });
 * assertEquals(summary.labels[0].metrics[0], {
 *   metric: "dice",
 *   convention: "nnunet",
 *   value: 1,
 *   used: 1,
 *   of: 2,
 * });
 * ```
 *
 * @param cases What `evaluateCase` gave for each case, all with the same labels and metrics.
 * @param options Which cases there must be.
 * @returns Plain data that survives JSON unchanged.
 * @throws {RangeError} If there are no cases, one is missing, unexpected or given twice, or cases differ in
 * labels or metrics.
 */
export function summarize(
  cases: readonly CaseEvaluation[],
  options: SummarizeOptions = {},
): MetricsSummary {
  checkCases(cases, { what: "summarize metrics", expected: options.expected });
  const labels = cases[0].labels.map((label, i): LabelSummary => ({
    name: label.name,
    values: [...label.values],
    metrics: label.metrics.map((metric, j) =>
      meanOf(metric, cases.map((entry) => entry.labels[i].metrics[j]))
    ),
  }));
  const foreground = labels.filter(isForeground);
  const summary: MetricsSummary = {
    cases: cases.map(({ id }) => id),
    labels,
    foreground: cases[0].labels[0].metrics.map((metric, j) =>
      meanOf(metric, foreground.map(({ metrics }) => metrics[j]))
    ),
  };
  return options.bootstrap === undefined
    ? summary
    : withIntervals(summary, cases, completeBootstrap(options.bootstrap));
}

function isForeground({ values }: { values: readonly number[] }): boolean {
  return values.some((value) => value !== 0);
}

/** The summary with an interval beside each mean that can have one. */
function withIntervals(
  summary: MetricsSummary,
  cases: readonly CaseEvaluation[],
  bootstrap: Required<BootstrapOptions>,
): MetricsSummary {
  const { labels, foreground } = summary;
  const width = foreground.length;
  const columns = labels.flatMap((_, i) =>
    foreground.map((_, j) =>
      Float64Array.from(cases, (entry) => fromJsonNumber(entry.labels[i].metrics[j]))
    )
  );
  const part = [...labels.keys()].filter((i) => isForeground(labels[i]));
  const groups = foreground.map((_, j) => part.map((i) => i * width + j));
  const intervals = bootstrapMeans(columns, { ...bootstrap, groups });
  const beside = (mean: MetricMean, interval: Interval | undefined): MetricMean =>
    interval === undefined ? mean : { ...mean, interval };
  return {
    ...summary,
    labels: labels.map((label, i) => ({
      ...label,
      metrics: label.metrics.map((mean, j) => beside(mean, intervals[i * width + j])),
    })),
    foreground: foreground.map((mean, j) => beside(mean, intervals[columns.length + j])),
    bootstrap,
  };
}

function meanOf(named: MetricRecord, values: JsonNumber[]): MetricMean {
  const { metric, convention, tolerance, percentile } = named;
  const defined = values.map(fromJsonNumber).filter((value) => !Number.isNaN(value));
  const mean = defined.reduce((sum, value) => sum + value, 0) / defined.length;
  return {
    metric,
    convention,
    ...(tolerance === undefined ? {} : { tolerance }),
    ...(percentile === undefined ? {} : { percentile }),
    ...toJsonNumber(mean),
    used: defined.length,
    of: values.length,
  };
}
