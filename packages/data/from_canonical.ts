/**
 * The way back from the closest RAS orientation.
 * @module
 */
import { spacingOf } from "./affine.ts";
import { type AxisChange, changedAffine, changedVoxels, type Orientation } from "./orientation.ts";
import type { Triple, Volume } from "./volume.ts";

/**
 * Undoes `toCanonical`: on a volume of the canonical grid it gives the source's shape, spacing and
 * affine to the last bit, whatever the voxels are by now (a mask, say). On another grid, as after
 * cropping or resampling, the axes are moved back and the affine goes along.
 *
 * @example A mask of the canonical image, brought back to the image
 * ```ts
 * import { fromCanonical, toCanonical, type Volume } from "@mednext/data";
 * import { assertEquals } from "@std/assert";
 *
 * const image: Volume = {
 *   data: Float32Array.of(0.1, 0.2, 0.3, 0.4),
 *   shape: [1, 1, 4],
 *   channels: 1,
 *   spacing: [1, 1, 1],
 *   affine: [-1, 0, 0, 0.3, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
 * };
 * const { volume, orientation } = toCanonical(image);
 * const mask = { ...volume, data: Uint8Array.from(volume.data, (value) => value > 0.25 ? 1 : 0) };
 * const restored = fromCanonical(mask, orientation);
 * assertEquals(restored.data, Uint8Array.of(0, 0, 1, 1));
 * assertEquals(restored.affine, image.affine);
 * ```
 *
 * @param volume Array order `[D, H, W, C]` in canonical orientation; left as it is. Where no axis
 *   moves, the result shares its data.
 * @param orientation What `toCanonical` gave.
 * @returns The volume in the orientation of the source.
 */
export function fromCanonical(volume: Volume, orientation: Orientation): Volume {
  const back: AxisChange = { axes: [0, 0, 0], flipped: [false, false, false] };
  orientation.axes.forEach((source, axis) => {
    back.axes[source] = axis;
    back.flipped[source] = orientation.flipped[axis];
  });
  const { source, canonical } = orientation;
  const data = changedVoxels(volume, back);
  const isSameGrid = volume.shape.every((length, axis) => length === canonical.shape[axis]) &&
    volume.affine.every((value, i) => value === canonical.affine[i]);
  if (isSameGrid) {
    return {
      data,
      shape: [...source.shape],
      channels: volume.channels,
      spacing: [...source.spacing],
      affine: [...source.affine],
    };
  }
  const affine = changedAffine(volume.affine, volume.shape, back);
  const shape = back.axes.map((axis) => volume.shape[axis]) as Triple;
  return { data, shape, channels: volume.channels, spacing: spacingOf(affine), affine };
}
