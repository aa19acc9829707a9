import type { Grid } from "./grid.ts";
import { checkMask } from "./internal/check.ts";
import { distancesBetween } from "./internal/distances_between.ts";
import { selectMask } from "./internal/select_mask.ts";
import type { MaskArray } from "./mask_array.ts";

/** Distances between the surfaces of two masks, element by element, in no particular order. */
export interface SurfaceDistances {
  /** From each element of the reference's surface to the prediction's surface, in mm. */
  referenceToPrediction: Float64Array;
  /** From each element of the prediction's surface to the reference's surface, in mm. */
  predictionToReference: Float64Array;
  /** What each element of the reference's surface counts: mm² for surfels, 1 for border voxels. */
  referenceWeights: Float64Array;
  /** What each element of the prediction's surface counts: mm² for surfels, 1 for border voxels. */
  predictionWeights: Float64Array;
}

/** Options of {@linkcode surfaceDistances}. */
export interface SurfaceDistancesOptions extends Grid {
  /**
   * What a surface is made of: `surfel`, cells of 2x2x2 voxels weighted by their marching-cubes area
   * (DeepMind), or `voxel`, the voxels that a 6-connected erosion takes away (MedPy, MONAI,
   * MetricsReloaded). The outside of the grid counts as empty in both.
   *
   * @default {"surfel"}
   */
  elements?: "surfel" | "voxel";
  /**
   * The label values that make the mask.
   *
   * @default {undefined} (everything that is not 0)
   */
  labels?: readonly number[];
}

/**
 * Distances between the surfaces of two masks: what NSD, Hausdorff and average surface distances are made
 * of. If one mask is empty it has no elements, and the distances from the other are `Infinity`.
 *
 * @example Two voxels side by side, 2 mm apart
 * ```ts
 * import { surfaceDistances } from "@mednext/metrics";
 * import { assertEquals } from "@std/assert";
 *
 * const reference = new Uint8Array([1, 0, 0]);
 * const prediction = new Uint8Array([0, 1, 0]);
 * const { referenceToPrediction } = surfaceDistances(reference, prediction, {
 *   shape: [1, 1, 3],
 *   spacing: [1, 1, 2],
 *   elements: "voxel",
 * });
 * assertEquals([...referenceToPrediction], [2]);
 * ```
 *
 * @param reference The reference mask or label map, `[D, H, W]`, C order.
 * @param prediction The predicted one, on the same grid.
 * @param options The grid (D, H, W; millimetres), the kind of elements and the label values.
 * @returns Distances in millimetres and weights.
 * @throws {RangeError} If the grid is not valid, a mask does not fill it, or a voxel is `NaN`.
 */
export function surfaceDistances(
  reference: MaskArray,
  prediction: MaskArray,
  options: SurfaceDistancesOptions,
): SurfaceDistances {
  const { shape, spacing, elements = "surfel", labels } = options;
  const what = "compute surface distances";
  checkMask(reference, options, what, "reference");
  checkMask(prediction, options, what, "prediction");
  return distancesBetween(
    selectMask(reference, labels, { what, name: "reference" }).data,
    selectMask(prediction, labels, { what, name: "prediction" }).data,
    { shape, spacing, elements },
  );
}
