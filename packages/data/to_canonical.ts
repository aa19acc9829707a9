/**
 * The closest RAS orientation.
 * @module
 */
import { spacingOf } from "./affine.ts";
import { changedVoxels, type Orientation, orientationOf } from "./orientation.ts";
import type { Triple, Volume } from "./volume.ts";

/** Options of {@linkcode toCanonical}. */
export interface ToCanonicalOptions {
  /**
   * For each axis of the result the axis of the RAS orientation (0, 1, 2 for D, H, W) that it is, to
   * have the axes in another order. @default {[0, 1, 2]}
   */
  transpose?: Triple;
}

/**
 * Permutes and reverses the axes so that W, H, D run as nearly as they can to the right, to
 * anterior and to superior. No voxel changes its value or its place in the world: the affine goes
 * along. An oblique or sheared affine stays so. The rule is that of nibabel's
 * `as_closest_canonical`.
 *
 * @example A volume stored from left to right, front to back, top to bottom
 * ```ts
 * import { fromCanonical, orientationCode, toCanonical } from "@mednext/data";
 * import { assertEquals } from "@std/assert";
 *
 * const stored = {
 *   data: Int16Array.of(1, 2, 3, 4),
 *   shape: [2, 1, 2] as [number, number, number],
 *   channels: 1,
 *   spacing: [5, 1, 1] as [number, number, number],
 *   affine: [1, 0, 0, 0, 0, -1, 0, 0, 0, 0, -5, 0, 0, 0, 0, 1],
 * };
 * assertEquals(orientationCode(stored.affine), "RPI");
 * const { volume, orientation } = toCanonical(stored);
 * assertEquals(orientationCode(volume.affine), "RAS");
 * assertEquals(volume.data, Int16Array.of(3, 4, 1, 2));
 * assertEquals(fromCanonical(volume, orientation), stored);
 * ```
 *
 * @param volume Array order `[D, H, W, C]`; left as it is. Where no axis moves, the result shares
 *   its data.
 * @param options The order of the axes.
 * @returns The volume in canonical orientation, and what {@linkcode fromCanonical} needs to go
 *   back.
 * @throws {RangeError} if the affine is not invertible, or `transpose` is no order of three axes.
 */
export function toCanonical(
  volume: Volume,
  options: ToCanonicalOptions = {},
): { volume: Volume; orientation: Orientation } {
  const { transpose = [0, 1, 2] } = options;
  if (transpose.length !== 3 || ![0, 1, 2].every((axis) => transpose.includes(axis))) {
    throw new RangeError(
      `Cannot transpose a volume: expected 0, 1 and 2 in some order, found [${transpose}]`,
    );
  }
  const orientation = orientationOf(volume, transpose);
  const { shape, affine } = orientation.canonical;
  return {
    volume: {
      data: changedVoxels(volume, orientation),
      shape: [...shape],
      channels: volume.channels,
      spacing: spacingOf(affine),
      affine: [...affine],
    },
    orientation,
  };
}
