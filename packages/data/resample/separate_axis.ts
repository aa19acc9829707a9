import type { Triple } from "../volume.ts";

/** Spacings that differ by more than this factor are resampled apart. */
const ANISOTROPY = 3;
/** Spacings that differ by less are the same: they come out of affines in float32. */
const SAME = 1e-6;

/**
 * The axis along which nnU-Net does not interpolate when the spacing changes: the coarsest one where it is
 * more than three times as coarse as the finest, in the old spacing or else in the new one. Slices
 * across it are then resampled as they are, and along it the nearest slice is taken, as values between
 * slices far apart would be made up.
 *
 * Source: nnU-Net `preprocessing/resampling/default_resampling.py`, `determine_do_sep_z_and_axis`, the
 * same in its versions 1 and 2.
 *
 * @example
 * ```ts
 * import { separateAxis } from "@mednext/data/separate-axis";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(separateAxis({ from: [5, 0.5, 0.5], to: [1, 1, 1] }), 0);
 * assertEquals(separateAxis({ from: [2, 1, 1], to: [1, 1, 1] }), undefined);
 * assertEquals(separateAxis({ from: [1, 4, 4], to: [1, 1, 1] }), undefined); // two coarse axes
 * ```
 *
 * @param spacing Old and new spacing along D, H, W in millimetres.
 * @returns The axis, 0, 1 or 2 for D, H or W; nothing where all axes are resampled alike.
 */
export function separateAxis(spacing: { from: Triple; to: Triple }): 0 | 1 | 2 | undefined {
  const anisotropic = [spacing.from, spacing.to].find((values) =>
    Math.max(...values) / Math.min(...values) > ANISOTROPY
  );
  if (!anisotropic) return undefined;
  const coarsest = Math.max(...anisotropic);
  const axes = ([0, 1, 2] as const).filter((axis) => anisotropic[axis] > coarsest * (1 - SAME));
  return axes.length === 1 ? axes[0] : undefined;
}
