/**
 * From the fingerprint of a data set to a plan.
 * @module
 */
import type { DatasetFingerprint } from "../fingerprint/dataset_fingerprint.ts";
import type { NormalizationScheme } from "../normalize.ts";
import { resampledShape } from "../resample/resampled_shape.ts";
import type { Triple } from "../volume.ts";
import { percentilePerAxis, reorder, voxelsOf } from "./per_axis.ts";
import type { Plan } from "./plan.ts";
import { planNormalization } from "./plan_normalization.ts";
import { planPatch } from "./plan_patch.ts";
import { targetSpacing } from "./target_spacing.ts";
import { type PlanReasons, planReasons } from "./plan_reasons.ts";

/** What is decided before a plan is made. */
export interface PlanOverrides {
  /** Order of the axes, as `Plan.transpose`. @default {undefined} */
  transpose?: Triple;
  /** Millimetres along D, H, W of the images, before `transpose`. @default {undefined} */
  spacing?: Triple;
  /** What comes first. @default {undefined} */
  order?: Plan["order"];
  /** The scheme of each channel. @default {undefined} */
  normalization?: NormalizationScheme[];
  /** Voxels along the axes of the preprocessed arrays, each a multiple of 16. @default {undefined} */
  patchSize?: Triple;
  /** Patches in a step. @default {undefined} */
  batchSize?: number;
  /** Dice over the whole batch. @default {undefined} */
  batchDice?: boolean;
}

/** Options of {@linkcode makePlan}. */
export interface MakePlanOptions {
  /** Name of the data set. */
  dataset: string;
  /** What each channel is. */
  channelNames: string[];
  /** The bytes that a training step may take. */
  budgetBytes: number;
  /** The bytes that a training step takes, such as `estimateMemory` of `@mednext/mednext` tells. */
  memoryOf: (patchSize: Triple, batchSize: number) => number;
  /** `paper` fixes spacing, order, patch and batch. @default {"auto"} */
  preset?: Plan["preset"];
  /** What is decided already; the rest is chosen to fit. @default {{}} */
  overrides?: PlanOverrides;
}

/** What the paper fixes (arXiv 2303.09975, section 4). */
const PAPER: PlanOverrides = {
  spacing: [1, 1, 1],
  order: "resample-first",
  patchSize: [128, 128, 128],
  batchSize: 2,
};
/** Dice is taken over the batch where a patch holds at most this share of the median image. */
const BATCH_DICE_UP_TO = 1 / 8;

/**
 * Makes a plan by nnU-Net's rules, for networks that take multiples of 16.
 *
 * - Spacing: see `targetSpacing`. Order of the axes: the coarsest first.
 * - Normalisation: by the channel's name; `zscore` inside the nonzero mask where cropping removes more than a
 *   quarter of the median image.
 * - Patch and batch: see `planPatch`.
 * - Batch Dice: nnU-Net takes it where it makes a low-resolution configuration beside the full one. It does so
 *   where a patch holds less than a quarter of the median image, and drops it where that has less than twice
 *   the voxels of the image that a patch holds a quarter of: so up to an eighth (nnU-Net looks in steps of 3 %
 *   of the spacing, so that a little more than an eighth can be enough).
 *
 * Source: nnU-Net `default_experiment_planner.py`.
 *
 * @example
 * ```ts
 * import { makePlan } from "@mednext/data/make-plan";
 * import { assertEquals } from "@std/assert";
 *
 * const { plan, reasons } = makePlan({
 *   spacings: [[0.8, 0.8, 3], [0.8, 0.8, 3]],
 *   shapes_after_crop: [[250, 300, 60], [250, 300, 60]],
 *   foreground_intensity_properties_per_channel: {},
 *   median_relative_size_after_cropping: 0.5,
 *   case_ids: ["a", "b"],
 *   shapes: [[300, 400, 75], [300, 400, 75]],
 *   class_voxels: {},
 * }, {
 *   dataset: "Spine",
 *   channelNames: ["T2"],
 *   budgetBytes: 2 ** 32,
 *   memoryOf: ([d, h, w], batch) => 1000 * batch * d * h * w,
 * });
 * assertEquals(plan.transpose, [2, 0, 1]);
 * assertEquals(plan.spacing, [3, 0.8, 0.8]);
 * assertEquals(plan.medianShape, [60, 250, 300]);
 * assertEquals(plan.normalization, [{ scheme: "zscore", insideMask: true }]);
 * assertEquals(plan.patchSize, [48, 192, 224]);
 * assertEquals(reasons.transpose, "W is the coarsest axis of the images (3 mm beside 0.8 and 0.8) and comes first");
 * ```
 *
 * @param fingerprint What the data set is like.
 * @param options The data set, the memory, and what is decided already.
 * @returns The plan, and for each choice a sentence with its reason.
 * @throws {RangeError} If there is no case, a channel lacks what its scheme needs, or nothing fits into the memory.
 */
export function makePlan(
  fingerprint: DatasetFingerprint,
  options: MakePlanOptions,
): { plan: Plan; reasons: PlanReasons } {
  const { dataset, channelNames, budgetBytes, memoryOf, preset = "auto", overrides = {} } = options;
  const own = Object.fromEntries(
    Object.entries(overrides).filter(([, value]) => value !== undefined),
  );
  const given: PlanOverrides = { ...(preset === "paper" ? PAPER : {}), ...own };
  const target = targetSpacing(fingerprint);
  const ofImages = given.spacing ?? target.spacing;
  const transpose = given.transpose ?? coarsestFirst(ofImages);
  const spacing = reorder(ofImages, transpose);
  const medianShape = reorder(medianShapeAt(ofImages, fingerprint), transpose);
  const normalization = planNormalization(fingerprint, {
    channelNames,
    schemes: given.normalization,
  });
  const patch = planPatch({
    spacing,
    medianShape,
    cases: fingerprint.spacings.length,
    budgetBytes,
    memoryOf,
    patchSize: given.patchSize,
    batchSize: given.batchSize,
  });
  const { patchSize, batchSize, estimatedBytes } = patch;
  const plan: Plan = {
    dataset,
    preset,
    channelNames,
    transpose,
    spacing,
    order: given.order ?? "normalize-first",
    normalization,
    medianShape,
    patchSize,
    batchSize,
    batchDice: given.batchDice ??
      voxelsOf(patchSize) <= BATCH_DICE_UP_TO * voxelsOf(medianShape),
    memory: { budgetBytes, estimatedBytes },
  };
  const decided = Object.fromEntries(
    Object.keys(given).map((choice) => [
      choice,
      choice in own ? "given as a parameter" : "the paper's",
    ]),
  );
  return { plan, reasons: planReasons({ plan, fingerprint, target, patch, decided }) };
}

/** The axis with the largest spacing, then the others in order. */
function coarsestFirst(spacing: Triple): Triple {
  const coarsest = spacing.indexOf(Math.max(...spacing));
  return [coarsest, ...[0, 1, 2].filter((axis) => axis !== coarsest)] as Triple;
}

/** The median of what the cases' shapes are at a spacing, along the axes of the images. */
function medianShapeAt(
  spacing: Triple,
  { spacings, shapes_after_crop }: DatasetFingerprint,
): Triple {
  const shapes = shapes_after_crop.map((shape, i) =>
    resampledShape(shape, { from: spacings[i], to: spacing })
  );
  return percentilePerAxis(shapes, 50);
}
