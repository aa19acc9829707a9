import type { BootstrapOptions, Interval } from "./bootstrap_interval.ts";
import type { JsonNumber, MetricRecord } from "./metric_record.ts";

/** How one metric of one label differs between two runs. Plain data that survives JSON unchanged. */
export interface ComparedMetric
  extends Pick<MetricRecord, "metric" | "convention" | "tolerance" | "percentile"> {
  /** Name of the first run. */
  first: string;
  /** Name of the second run. */
  second: string;
  /** Name of the label or region; `null` for the mean over those of each case, without background. */
  label: string | null;
  /** Mean of the first run over the cases in which both have a value. */
  firstMean: JsonNumber;
  /** The same of the second. */
  secondMean: JsonNumber;
  /** Mean of second minus first. */
  difference: JsonNumber;
  /** Bootstrap interval of that mean; none for fewer than two cases or an infinite mean. */
  interval?: Interval;
  /** In how many cases both runs have a value. */
  used: number;
  /** How many cases there are. */
  of: number;
  /** The smaller of Wilcoxon's two sums of ranks. */
  statistic: number;
  /** Two-sided p-value of Wilcoxon's signed-rank test; `null` if no case has a value in both runs. */
  pValue: number | null;
  /** The p-value after Holm's correction over all rows of the comparison. */
  pHolm: number | null;
  /** How the p-value was computed. */
  method: "exact" | "normal";
}

/** What {@linkcode compareRuns} finds. Plain data that survives JSON unchanged. */
export interface RunComparison {
  /** Names of the runs, in the order in which they were given. */
  runs: string[];
  /** Names of the cases, in the order of the first run. */
  cases: string[];
  /** One entry for each pair of runs, label and metric. */
  rows: ComparedMetric[];
  /** How the intervals were made. */
  bootstrap: Required<BootstrapOptions>;
}
