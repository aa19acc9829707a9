import type { Grid } from "./grid.ts";
import { checkMask } from "./internal/check.ts";
import { selectMask } from "./internal/select_mask.ts";
import { squaredDistance } from "./internal/squared_distance.ts";
import type { MaskArray } from "./mask_array.ts";

/**
 * Exact Euclidean distance transform: the distance in millimetres from each voxel that is set to the
 * nearest voxel that is 0, as `scipy.ndimage.distance_transform_edt(mask, sampling=spacing)`.
 *
 * Separable lower envelopes (Felzenszwalb and Huttenlocher, Theory of Computing 8, 2012) in float64; the
 * time is linear in the number of voxels. Where SciPy's result is not defined, for a mask without a 0,
 * every distance is `Infinity`.
 *
 * @example Distances along an anisotropic axis
 * ```ts
 * import { distanceTransform } from "@mednext/metrics";
 * import { assertEquals } from "@std/assert";
 *
 * const mask = new Uint8Array([0, 1, 1, 1]);
 * const distances = distanceTransform(mask, { shape: [4, 1, 1], spacing: [3, 1, 1] });
 * assertEquals([...distances], [0, 3, 6, 9]);
 * ```
 *
 * @param mask Voxels `[D, H, W]`, C order; anything but 0 is set.
 * @param grid Shape and spacing in millimetres, both in the order D, H, W.
 * @returns Distances in millimetres, `[D, H, W]`.
 * @throws {RangeError} If the grid is not valid, the mask does not fill it, or a voxel is `NaN`.
 */
export function distanceTransform(mask: MaskArray, grid: Grid): Float64Array {
  const what = "compute the distance transform";
  checkMask(mask, grid, what);
  const { data } = selectMask(mask, undefined, { what, name: "mask" });
  const distances = squaredDistance(data.map((value) => 1 - value), grid);
  for (let i = 0; i < distances.length; i++) distances[i] = Math.sqrt(distances[i]);
  return distances;
}
