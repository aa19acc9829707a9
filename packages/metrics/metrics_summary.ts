import type { BootstrapOptions, Interval } from "./bootstrap_interval.ts";
import type { JsonNumber, MetricRecord } from "./metric_record.ts";

/** The mean of one metric. Plain data that survives JSON unchanged. */
export interface MetricMean
  extends JsonNumber, Pick<MetricRecord, "metric" | "convention" | "tolerance" | "percentile"> {
  /** The mean of the values that are defined (`NaN` is left out, `Infinity` is not). */
  value: number | null;
  /** How many values the mean is made of. */
  used: number;
  /** How many there were. */
  of: number;
  /**
   * Bootstrap interval of the mean, where it was asked for. There is none for fewer than two values or for
   * an infinite mean.
   */
  interval?: Interval;
}

/** The means of one label over the cases. */
export interface LabelSummary {
  /** The name of the label or region. */
  name: string;
  /** The values that it is made of. */
  values: number[];
  /** One mean for each metric; `used` and `of` count cases. */
  metrics: MetricMean[];
}

/** What a set of cases gives. Plain data that survives JSON unchanged. */
export interface MetricsSummary {
  /** The names of the cases, in the order in which they were given. */
  cases: string[];
  /** One entry for each label. */
  labels: LabelSummary[];
  /** The mean over the labels' means, without background; `used` and `of` count labels. */
  foreground: MetricMean[];
  /** How the intervals were made, if there are any. */
  bootstrap?: Required<BootstrapOptions>;
}
