import type { EmptyMasks } from "./empty_rule.ts";
import type { MetricResult } from "./metric_result.ts";

/**
 * A number as it is written to a file. JSON has no `NaN` and no `Infinity` (nnU-Net writes a bare `NaN`,
 * which JSON parsers refuse): they are `null` here, and `notFinite` says which of them it was, so that
 * `JSON.parse(JSON.stringify(record))` gives the same record.
 */
export interface JsonNumber {
  /** The value, or `null` if it is not finite. */
  value: number | null;
  /** What the value is if it is `null`. */
  notFinite?: "NaN" | "Infinity" | "-Infinity";
}

/** A {@linkcode MetricResult} as it is written to a file. */
export interface MetricRecord extends Omit<MetricResult, "value">, JsonNumber {
  /** Which masks were empty, if any was. */
  empty?: EmptyMasks;
  /** Why the value is not a measurement, in words; only where a mask was empty. */
  reason?: string;
}
