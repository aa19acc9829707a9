import type { Triple } from "../volume.ts";
import { roundHalfEven } from "./round_half_even.ts";

/**
 * The shape that a volume gets when its spacing changes: round(old / new * size) along each axis,
 * at least 1 (nnU-Net `compute_new_shape`).
 *
 * @example
 * ```ts
 * import { resampledShape } from "@mednext/data/resampled-shape";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(resampledShape([9, 54, 49], { from: [7.5, 0.5, 0.5], to: [1, 1, 1] }), [68, 27, 24]);
 * ```
 *
 * @param shape Number of voxels along D, H, W.
 * @param spacing Old and new spacing along D, H, W in millimetres.
 * @returns The new number of voxels along D, H, W.
 * @throws {RangeError} If a spacing is not a positive finite number.
 */
export function resampledShape(shape: Triple, spacing: { from: Triple; to: Triple }): Triple {
  for (const value of [...spacing.from, ...spacing.to]) {
    if (!(value > 0 && value < Infinity)) {
      throw new RangeError(
        `Cannot resample from spacing ${spacing.from.join(" x ")} mm to ${
          spacing.to.join(" x ")
        } mm: ` +
          `every spacing must be a positive number, found ${value}`,
      );
    }
  }
  return shape.map((size, axis) =>
    Math.max(1, roundHalfEven(spacing.from[axis] / spacing.to[axis] * size))
  ) as Triple;
}
