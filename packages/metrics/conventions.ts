/**
 * Whose definition a number follows. The same two masks have different surface metrics under different
 * tools, so that a metric without its convention cannot be compared with anything.
 *
 * @module
 */

/**
 * Conventions of the Dice coefficient. The formula, 2|A∩B| / (|A| + |B|), is the same everywhere; what
 * differs is what an empty mask gives (see `EMPTY_RULES`). `monai` is MONAI's `ignore_empty=True`,
 * `monai-keep-empty` its `ignore_empty=False`; `nnunet` is nnU-Net v2.
 */
export const DICE_CONVENTIONS = [
  "nnunet",
  "deepmind",
  "medpy",
  "metricsreloaded",
  "monai",
  "monai-keep-empty",
] as const;

/** One of {@linkcode DICE_CONVENTIONS}. */
export type DiceConvention = typeof DICE_CONVENTIONS[number];

/**
 * Conventions of the surface Dice (NSD).
 *
 * - `deepmind`: surfels of marching cubes, weighted by their area.
 * - `medpy`, `metricsreloaded`, `monai`: border voxels (mask minus its 6-connected erosion) of both masks
 *   pooled, each counted once. They differ for empty masks.
 * - `nnunet-v1`: the mean of the two per-surface fractions of the same border voxels.
 */
export const SURFACE_DICE_CONVENTIONS = [
  "deepmind",
  "medpy",
  "metricsreloaded",
  "monai",
  "nnunet-v1",
] as const;

/** One of {@linkcode SURFACE_DICE_CONVENTIONS}. */
export type SurfaceDiceConvention = typeof SURFACE_DICE_CONVENTIONS[number];

/**
 * Conventions of the percentile Hausdorff distance.
 *
 * - `deepmind`: the greater of the two directed percentiles, weighted by surfel area, not interpolated.
 * - `medpy`: one percentile over the border voxel distances of both directions pooled, interpolated
 *   linearly.
 * - `metricsreloaded`, `monai`: the greater of the two directed percentiles of border voxel distances,
 *   interpolated linearly. They differ for empty masks.
 */
export const HAUSDORFF_CONVENTIONS = ["deepmind", "medpy", "metricsreloaded", "monai"] as const;

/** One of {@linkcode HAUSDORFF_CONVENTIONS}. */
export type HausdorffConvention = typeof HAUSDORFF_CONVENTIONS[number];
