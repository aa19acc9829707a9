/**
 * How a data set is to be preprocessed and trained on.
 * @module
 */
import type { ChannelNormalization } from "../normalize.ts";
import type { Triple } from "../volume.ts";

/** What memory a plan was made for. */
export interface PlannedMemory {
  /** The bytes that a training step may take. */
  budgetBytes: number;
  /** The bytes that a training step on one batch takes, as estimated. */
  estimatedBytes: number;
}

/**
 * A plan: plain JSON, to be read and edited by people. All triples run along the axes D, H, W of the
 * preprocessed arrays: those of the image in its closest RAS orientation (z, y, x), reordered by
 * `transpose`.
 *
 * @example
 * ```ts
 * import type { Plan } from "@mednext/data";
 * import { assertEquals } from "@std/assert";
 *
 * const plan: Plan = {
 *   dataset: "Heart",
 *   preset: "paper",
 *   channelNames: ["MRI"],
 *   transpose: [0, 1, 2],
 *   spacing: [1, 1, 1],
 *   order: "resample-first",
 *   normalization: [{ scheme: "zscore", insideMask: false }],
 *   medianShape: [115, 320, 232],
 *   patchSize: [128, 128, 128],
 *   batchSize: 2,
 *   batchDice: false,
 *   memory: { budgetBytes: 16e9, estimatedBytes: 11e9 },
 * };
 * assertEquals(plan.patchSize.map((size) => size % 16), [0, 0, 0]);
 * ```
 */
export interface Plan {
  /** Name of the data set. */
  dataset: string;
  /** `auto`: chosen from the data and the memory. `paper`: 1 mm, 128 x 128 x 128, two patches. */
  preset: "auto" | "paper";
  /** What each channel is; a data set must have the same to be preprocessed by this plan. */
  channelNames: string[];
  /**
   * For each axis of the preprocessed arrays, the axis (0, 1, 2 for D, H, W) of the image in its
   * closest RAS orientation that it is. nnU-Net's `transpose_forward`.
   */
  transpose: Triple;
  /** Spacing of the preprocessed arrays in millimetres. */
  spacing: Triple;
  /** `resample-first` is nnU-Net v1 (the paper), `normalize-first` is nnU-Net v2. */
  order: "resample-first" | "normalize-first";
  /** How each channel is normalised. */
  normalization: ChannelNormalization[];
  /** The median shape of the data set at that spacing, after cropping to what is not 0. */
  medianShape: Triple;
  /** Voxels of a patch, each a multiple of 16. */
  patchSize: Triple;
  /** Patches in a training step. */
  batchSize: number;
  /** Whether the Dice loss is taken over the whole batch instead of each patch. */
  batchDice: boolean;
  /** For what memory patch and batch were chosen. It binds nobody. */
  memory: PlannedMemory;
}
