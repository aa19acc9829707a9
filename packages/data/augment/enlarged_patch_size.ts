import type { Triple } from "../volume.ts";
import type { AugmentationRecipe } from "./augmentation_recipe.ts";

/** Objects shrink by at most 1.4, but nnU-Net leaves room for this much. */
const SMALLEST_SCALE = 0.85;

/**
 * The size to cut out of a case so that a rotated and scaled patch seldom reaches beyond what was
 * cut: nnU-Net's `get_patch_size` with its scale range of 0.85 to 1.25.
 *
 * @example
 * ```ts
 * import { augmentationRecipe, enlargedPatchSize } from "@mednext/data";
 * import { assertEquals } from "@std/assert";
 *
 * const recipe = augmentationRecipe("nnunet", { patchSize: [128, 128, 128] });
 * assertEquals(enlargedPatchSize([128, 128, 128], recipe), [205, 205, 205]);
 * ```
 *
 * @param patchSize Number of voxels of the finished patch along D, H, W.
 * @param recipe How patches are augmented.
 * @returns Number of voxels along D, H, W; `patchSize` itself if nothing is rotated or scaled.
 */
export function enlargedPatchSize(
  patchSize: Triple,
  recipe: Pick<AugmentationRecipe, "rotation" | "scaling" | "dummy2d">,
): Triple {
  const { rotation, scaling, dummy2d } = recipe;
  if (rotation.probability === 0 && scaling.probability === 0) return [...patchSize];
  const degrees = Math.min(90, Math.max(...rotation.range.map(Math.abs)));
  const sin = Math.sin(degrees * Math.PI / 180), cos = Math.cos(degrees * Math.PI / 180);
  const [d, h, w] = patchSize;
  const rotated = [
    [d, h * cos + w * sin, w * cos - h * sin],
    [d * cos - w * sin, h, d * sin + w * cos],
    [d * cos + h * sin, h * cos - d * sin, w],
  ];
  const enlarged = patchSize.map((size, axis) => {
    const longest = Math.max(size, ...rotated.map((extents) => Math.abs(extents[axis])));
    return Math.floor(longest / SMALLEST_SCALE);
  }) as Triple;
  if (dummy2d) enlarged[0] = d;
  return enlarged;
}
