import type { CaseEvaluation, LabelEvaluation } from "./case_evaluation.ts";
import { emptyRow } from "./empty_rule.ts";
import type { EmptyOption, EmptyRules } from "./empty_rule.ts";
import type { Grid } from "./grid.ts";
import { checkMask, checkPercentile, checkTolerance, show } from "./internal/check.ts";
import { elementsOf, hausdorffFrom, surfaceDiceFrom } from "./internal/from_distances.ts";
import { ignoredVoxels } from "./internal/ignored_voxels.ts";
import { toJsonNumber } from "./internal/json_number.ts";
import { describeEmpty, maskPair } from "./internal/mask_pair.ts";
import type { MaskPair } from "./internal/mask_pair.ts";
import type { LabelDefinition } from "./label_definition.ts";
import type { MaskArray } from "./mask_array.ts";
import type { MetricRecord } from "./metric_record.ts";
import type { MetricSpec } from "./metric_spec.ts";

/** Options of {@linkcode evaluateCase}. */
export interface EvaluateCaseOptions extends Grid {
  /** The labels and regions to evaluate. */
  labels: readonly LabelDefinition[];
  /** The metrics to compute for each of them. */
  metrics: readonly MetricSpec[];
  /**
   * The name of the case, for the result and for messages.
   *
   * @default {"case"}
   */
  id?: string;
  /**
   * The rule for empty masks of the metrics that name none themselves.
   *
   * @default {"convention"}
   */
  empty?: EmptyOption;
  /**
   * The value of voxels of the reference that nobody has annotated. They count nowhere: both masks end
   * where they begin.
   *
   * @default {undefined} (none)
   */
  ignore?: number;
}

/**
 * Compares a predicted label map with the reference: metrics, voxel counts and volumes for each label.
 *
 * Voxels with the value `ignore` in the reference are left out of every count as nnU-Net leaves them out
 * (`evaluation/evaluate_predictions.py`), out of the volumes, and out of both masks before their surfaces
 * are compared.
 *
 * Where a mask is empty and the convention's own tool would stop with an error, the value is not a number
 * (`null`, see `MetricRecord`) with the reason beside it, so that one missing structure does not lose the
 * whole case.
 *
 * @example One label and one region
 * ```ts
 * import { evaluateCase, parseMetricSpecs } from "@mednext/metrics";
 * import { assertEquals } from "@std/assert";
 *
 * const evaluation = evaluateCase(new Uint8Array([0, 1, 2, 2]), new Uint8Array([0, 1, 1, 2]), {
 *   shape: [1, 1, 4],
 *   spacing: [1, 1, 1],
 *   labels: [{ name: "core", values: [2] }, { name: "whole", values: [1, 2] }],
 *   metrics: parseMetricSpecs(["dice"]),
 * });
 * assertEquals(evaluation.labels.map(({ metrics }) => metrics[0].value), [2 / 3, 1]);
 * ```
 *
 * @param reference The reference label map, `[D, H, W]`, C order.
 * @param prediction The predicted one, on the same grid.
 * @param options Grid (D, H, W; millimetres), labels, metrics and the name of the case.
 * @returns Plain data that survives JSON unchanged.
 * @throws {RangeError} If the grid is not valid, a map does not fill it, a voxel is `NaN`, or labels,
 * metrics or the value to ignore are not valid.
 */
export function evaluateCase(
  reference: MaskArray,
  prediction: MaskArray,
  options: EvaluateCaseOptions,
): CaseEvaluation {
  const { id = "case", shape, spacing, labels, metrics, empty = "convention" } = options;
  const what = `evaluate case "${id}"`;
  checkMask(reference, options, what, "reference");
  checkMask(prediction, options, what, "prediction");
  checkLabels(labels, what);
  if (metrics.length === 0) {
    throw new RangeError(`Cannot ${what} as 'metrics' must name at least one: current value is []`);
  }
  const specs = metrics.map((spec) => checkedSpec(spec, empty, what));
  const ignored = ignoredVoxels(reference, options, what);
  return {
    id,
    shape: [...shape],
    spacing: [...spacing],
    labels: labels.map((label) => {
      const pair = maskPair(reference, prediction, {
        what,
        labels: label.values,
        grid: { shape, spacing },
        ignored: ignored.mask,
      });
      return {
        name: label.name,
        values: [...label.values],
        ...countsAndVolumes(pair, { shape, spacing, ignored: ignored.count }),
        metrics: specs.map((spec) => measure(pair, spec)),
      };
    }),
  };
}

function checkLabels(labels: readonly LabelDefinition[], what: string): void {
  const names = labels.map(({ name }) => name);
  if (names.length === 0 || new Set(names).size !== names.length) {
    throw new RangeError(
      `Cannot ${what} as 'labels' must have at least one entry and no name twice: current value is ${
        show(names)
      }`,
    );
  }
}

function familyOf({ metric }: MetricSpec): keyof EmptyRules {
  return metric === "hd95" ? "hausdorff" : metric;
}

/** A metric with its rule for empty masks and, for HD95, its percentile. */
type CheckedSpec = MetricSpec & { empty: EmptyOption };

function checkedSpec(spec: MetricSpec, empty: EmptyOption, what: string): CheckedSpec {
  const checked: CheckedSpec = { ...spec, empty: spec.empty ?? empty };
  emptyRow(familyOf(checked), checked.convention, { empty: checked.empty });
  if (checked.metric === "hd95") checked.percentile = 95;
  if (checked.metric === "nsd") checkTolerance(checked.tolerance, what);
  if (checked.metric === "hausdorff") checkPercentile(checked.percentile, what);
  return checked;
}

function countsAndVolumes(
  { reference, prediction, intersection }: MaskPair,
  { shape, spacing, ignored }: Grid & { ignored: number },
): Omit<LabelEvaluation, "name" | "values" | "metrics"> {
  const voxels = shape[0] * shape[1] * shape[2] - ignored;
  const voxelMl = spacing[0] * spacing[1] * spacing[2] / 1000;
  return {
    truePositives: intersection,
    falsePositives: prediction - intersection,
    falseNegatives: reference - intersection,
    trueNegatives: voxels - reference - prediction + intersection,
    referenceMl: reference * voxelMl,
    predictionMl: prediction * voxelMl,
  };
}

function measure(pair: MaskPair, spec: CheckedSpec): MetricRecord {
  const { empty: rule, ...named } = spec;
  if (pair.empty === undefined) return { ...named, ...toJsonNumber(valueOf(pair, spec)) };
  const value = emptyRow(familyOf(spec), spec.convention, { empty: rule })[pair.empty];
  const which = describeEmpty(pair.empty);
  return {
    ...named,
    ...toJsonNumber(value === "raises" ? NaN : value),
    empty: pair.empty,
    reason: value === "raises"
      ? `${which}: ${spec.convention} defines no value`
      : `${which}: ${rule === "convention" ? spec.convention : `rule "${rule}"`} gives ${value}`,
  };
}

function valueOf(pair: MaskPair, spec: MetricSpec): number {
  if (spec.metric === "dice") {
    return 2 * pair.intersection / (pair.reference + pair.prediction);
  }
  const distances = pair.distances(elementsOf(spec.convention));
  return spec.metric === "nsd"
    ? surfaceDiceFrom(distances, spec.convention, spec.tolerance)
    : hausdorffFrom(distances, spec.convention, spec.percentile ?? 95);
}
