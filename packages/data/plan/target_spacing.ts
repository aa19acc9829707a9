/**
 * The spacing to which a data set is resampled.
 * @module
 */
import type { DatasetFingerprint } from "../fingerprint/dataset_fingerprint.ts";
import { percentile } from "../normalize/percentile.ts";
import type { Triple } from "../volume.ts";
import { percentilePerAxis } from "./per_axis.ts";

/** What {@linkcode targetSpacing} chose, and from what. */
export interface TargetSpacing {
  /** Millimetres along D, H, W, before any transposition. */
  spacing: Triple;
  /** The medians along D, H, W. */
  median: Triple;
  /** The axis that was given a finer spacing than its median; none if nothing is that coarse. */
  refinedAxis?: number;
}

/** How many times coarser than the others an axis is that is treated apart. */
const ANISOTROPY = 3;

/**
 * Chooses the spacing of a data set as nnU-Net: the median along each axis; but where the coarsest
 * axis is more than three times coarser than the others, and has less than a third of their voxels,
 * the 10th percentile of its spacings (and never less than the others' spacing). There the median would
 * interpolate much of what thinner slices show.
 *
 * Source: nnU-Net `default_experiment_planner.py`, `determine_fullres_target_spacing`.
 *
 * @example Thick slices: the thinner of them decide
 * ```ts
 * import { targetSpacing } from "@mednext/data/target-spacing";
 * import { assertEquals } from "@std/assert";
 *
 * const { spacing, median } = targetSpacing({
 *   spacings: [[5, 1.5, 1.5], [10, 1.5, 1.5], [10, 1.5, 1.5]],
 *   shapes_after_crop: [[18, 200, 220], [9, 200, 220], [9, 200, 220]],
 * });
 * assertEquals(median, [10, 1.5, 1.5]);
 * assertEquals(spacing, [6, 1.5, 1.5]);
 * ```
 *
 * @param fingerprint The spacings and shapes of the data set along D, H, W.
 * @returns The spacing along D, H, W in millimetres, the medians, and the axis that was refined.
 * @throws {RangeError} If there is no case.
 */
export function targetSpacing(
  fingerprint: Pick<DatasetFingerprint, "spacings" | "shapes_after_crop">,
): TargetSpacing {
  const { spacings, shapes_after_crop: shapes } = fingerprint;
  if (spacings.length === 0) {
    throw new RangeError("Cannot choose a spacing: expected at least one case, found none");
  }
  const median = percentilePerAxis(spacings, 50), sizes = percentilePerAxis(shapes, 50);
  const coarsest = median.indexOf(Math.max(...median));
  const others = [0, 1, 2].filter((axis) => axis !== coarsest);
  const finest = Math.max(...others.map((axis) => median[axis]));
  const fewest = Math.min(...others.map((axis) => sizes[axis]));
  const apart = median[coarsest] > ANISOTROPY * finest && sizes[coarsest] * ANISOTROPY < fewest;
  if (!apart) return { spacing: median, median };
  const sorted = spacings.map((spacing) => spacing[coarsest]).sort((a, b) => a - b);
  const fine = percentile(sorted, 10);
  const spacing: Triple = [...median];
  spacing[coarsest] = fine < finest ? finest + 1e-5 : fine;
  return { spacing, median, refinedAxis: coarsest };
}
