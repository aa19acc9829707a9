/**
 * Metrics as people read them.
 * @module
 */
import type { BootstrapOptions, Interval, JsonNumber, MetricRecord } from "@mednext/metrics";

type NamedMetric = Pick<MetricRecord, "metric" | "convention" | "tolerance" | "percentile">;

/** Such as `nsd (deepmind, 1 mm)`. */
export function metricText({ metric, convention, tolerance, percentile }: NamedMetric): string {
  const tell = metric === "hausdorff" ? `, percentile ${percentile}` : "";
  return `${metric} (${convention}${tolerance === undefined ? "" : `, ${tolerance} mm`}${tell})`;
}

/** A number with four digits behind the point, or what it is instead of one. */
export function numberText({ value, notFinite }: JsonNumber): string {
  return value === null ? notFinite ?? "NaN" : value.toFixed(4);
}

/** A number with its interval, if it has one: `0.8556 [0.8470, 0.8634]`. */
export function meanText(mean: JsonNumber & { interval?: Interval }): string {
  if (mean.interval === undefined) return numberText(mean);
  const { low, high } = mean.interval;
  return `${numberText(mean)} [${low.toFixed(4)}, ${high.toFixed(4)}]`;
}

/** What the brackets are. */
export function intervalText(
  { confidence, resamples, seed }: Required<BootstrapOptions>,
): string {
  const percent = Number((100 * confidence).toPrecision(6));
  return `In brackets: ${percent} % percentile bootstrap intervals from ${resamples} draws of the ` +
    `cases, seed ${seed}.`;
}
