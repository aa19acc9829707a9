/**
 * Augmentation of training patches.
 * @module
 */
import type { Patch } from "../patch_sampler.ts";
import type { Triple } from "../volume.ts";
import { applyAugmentation } from "./apply_augmentation.ts";
import type { AugmentationRecipe } from "./augmentation_recipe.ts";
import { drawAugmentation, type PatchKey } from "./draw_augmentation.ts";
import type { ImageAndLabel } from "./transform_patch.ts";

/** Options of {@linkcode augmentPatch}. */
export interface AugmentPatchOptions extends PatchKey {
  /** Which changes, how often and how much. */
  recipe: AugmentationRecipe;
  /** Number of voxels of the result along D, H, W. @default {that of the patch} */
  patchSize?: Triple;
  /** Channels that become 0 where the label is -1. @default {[]} */
  maskedChannels?: number[];
}

/**
 * Augments a patch as nnU-Net does: rotation and scaling in one resampling and cut to size, noise,
 * blur, brightness, contrast, low resolution, inverted gamma, gamma, mirroring; at the end channels
 * with the mask rule become 0 where the label is -1, and the label becomes 0 there.
 *
 * A pure function of the patch, the recipe, the seed, the step and the sample.
 *
 * @example
 * ```ts
 * import { augmentationRecipe, augmentPatch, enlargedPatchSize } from "@mednext/data";
 * import { assertEquals } from "@std/assert";
 *
 * const patchSize: [number, number, number] = [8, 8, 8];
 * const recipe = augmentationRecipe("nnunet", { patchSize });
 * const shape = enlargedPatchSize(patchSize, recipe);
 * const voxels = shape[0] * shape[1] * shape[2];
 * const patch = {
 *   image: Float32Array.from({ length: voxels }, (_, i) => i % 7),
 *   label: new Int32Array(voxels).fill(1),
 *   shape,
 *   channels: 1,
 * };
 * const options = { recipe, patchSize, seed: 1, step: 0, sample: 0 };
 * const augmented = augmentPatch(patch, options);
 * assertEquals(augmented.image.length, 512);
 * assertEquals(augmented, augmentPatch(patch, options));
 * ```
 *
 * @param patch Image, labels and their shape; not changed.
 * @param options The recipe, which patch it is, and how the result is cut.
 * @returns Image and labels of `patchSize`.
 * @throws {RangeError} If the data do not have the shape.
 */
export function augmentPatch(
  patch: Omit<Patch, "start">,
  options: AugmentPatchOptions,
): ImageAndLabel {
  const { recipe, patchSize = patch.shape, maskedChannels } = options;
  const augmentation = drawAugmentation(recipe, { ...options, channels: patch.channels });
  return applyAugmentation(patch, { augmentation, patchSize, maskedChannels });
}
