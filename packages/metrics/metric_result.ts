import type { EmptyMasks } from "./empty_rule.ts";

/** A number with everything that is needed to compare it with another one. */
export interface MetricResult {
  /** The metric: `dice`, `nsd`, `hd95` or `hausdorff`. */
  metric: "dice" | "nsd" | "hd95" | "hausdorff";
  /** Whose definition it follows. */
  convention: string;
  /** Tolerance in millimetres; NSD only. */
  tolerance?: number;
  /** Percentile from 0 to 100; distances only. */
  percentile?: number;
  /** The value: a fraction for `dice` and `nsd`, millimetres for distances. May be `NaN` or `Infinity`. */
  value: number;
  /** Which masks were empty, if any was: the value then comes from the rule for empty masks. */
  empty?: EmptyMasks;
}
