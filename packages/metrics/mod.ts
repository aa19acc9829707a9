/**
 * Dice, surface Dice (NSD) and Hausdorff distances for 3-D segmentation, each with the convention that it
 * follows: the same masks give different numbers in different tools.
 *
 * Masks are typed arrays `[D, H, W]` in C order; shape and spacing (millimetres) go in the same order, z, y,
 * x.
 *
 * @example NSD at 1 mm
 * ```ts
 * import { surfaceDice } from "@mednext/metrics";
 * import { assertEquals } from "@std/assert";
 *
 * const mask = new Uint8Array(27).fill(1, 13, 14); // the voxel in the middle
 * const result = surfaceDice(mask, mask, {
 *   shape: [3, 3, 3],
 *   spacing: [3, 1, 1],
 *   convention: "deepmind",
 *   tolerance: 1,
 * });
 * assertEquals(result, { metric: "nsd", convention: "deepmind", tolerance: 1, value: 1 });
 * ```
 *
 * @module
 */
export { bootstrapInterval, type BootstrapOptions, type Interval } from "./bootstrap_interval.ts";
export type { CaseEvaluation, LabelEvaluation } from "./case_evaluation.ts";
export { type ComparedRun, compareRuns, type CompareRunsOptions } from "./compare_runs.ts";
export {
  DICE_CONVENTIONS,
  type DiceConvention,
  HAUSDORFF_CONVENTIONS,
  type HausdorffConvention,
  SURFACE_DICE_CONVENTIONS,
  type SurfaceDiceConvention,
} from "./conventions.ts";
export { dice, type DiceOptions } from "./dice.ts";
export { distanceTransform } from "./distance_transform.ts";
export {
  EMPTY_RULES,
  type EmptyMasks,
  type EmptyOption,
  type EmptyRow,
  emptyRow,
  type EmptyRowOptions,
  type EmptyRules,
} from "./empty_rule.ts";
export { evaluateCase, type EvaluateCaseOptions } from "./evaluate_case.ts";
export type { Grid, Triple } from "./grid.ts";
export { hausdorff, type HausdorffOptions } from "./hausdorff.ts";
export { hausdorff95 } from "./hausdorff95.ts";
export { holmCorrection } from "./holm_correction.ts";
export type { LabelDefinition } from "./label_definition.ts";
export type { MaskArray } from "./mask_array.ts";
export type { JsonNumber, MetricRecord } from "./metric_record.ts";
export type { MetricResult } from "./metric_result.ts";
export type { MetricSpec } from "./metric_spec.ts";
export type { LabelSummary, MetricMean, MetricsSummary } from "./metrics_summary.ts";
export {
  type NnunetMetrics,
  type NnunetSummary,
  nnunetSummary,
  type NnunetSummaryOptions,
} from "./nnunet_summary.ts";
export { parseMetricSpec } from "./parse_metric_spec.ts";
export { parseMetricSpecs } from "./parse_metric_specs.ts";
export type { ComparedMetric, RunComparison } from "./run_comparison.ts";
export { summarize, type SummarizeOptions } from "./summarize.ts";
export { surfaceDice, type SurfaceDiceOptions } from "./surface_dice.ts";
export {
  type SurfaceDistances,
  surfaceDistances,
  type SurfaceDistancesOptions,
} from "./surface_distances.ts";
export { surfelAreas } from "./surfel_areas.ts";
export { type WilcoxonResult, wilcoxonSignedRank } from "./wilcoxon_signed_rank.ts";
