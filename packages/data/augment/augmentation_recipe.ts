/**
 * Which random changes a training patch goes through.
 * @module
 */
import type { Triple } from "../volume.ts";

/** `nnunet`: everything that nnU-Net does; `mirror`: mirroring alone; `none`: nothing. */
export type AugmentationMode = "nnunet" | "mirror" | "none";

/** A change that some patches go through. */
export interface RandomTransform {
  /** Share of the patches that are changed, from 0 to 1. */
  probability: number;
  /** Smallest and largest value of the one number that says how. */
  range: [number, number];
}

/** A change that some channels of some patches go through. */
export interface RandomChannelTransform extends RandomTransform {
  /** Share of the channels that are changed in a patch that is. */
  channelProbability: number;
}

/** Names of the transforms of a recipe, in the order in which they are applied. */
export type TransformName = Exclude<keyof AugmentationRecipe, "dummy2d" | "mirrorAxes">;

/** How patches are augmented. Plain JSON. */
export interface AugmentationRecipe {
  /** Whether rotation, scaling and low resolution leave the first axis alone. */
  dummy2d: boolean;
  /** Rotation; `range` in degrees, drawn for each axis. */
  rotation: RandomTransform;
  /** Scaling by one factor for all axes; above 1 objects become smaller. */
  scaling: RandomTransform;
  /** Gaussian noise; `range` of its standard deviation. */
  noise: RandomTransform;
  /** Gaussian blur; `range` of its standard deviation in voxels, drawn for each channel and axis. */
  blur: RandomChannelTransform;
  /** A factor on the intensities, drawn for each channel. */
  brightness: RandomTransform;
  /** A factor on the distance from the mean, drawn for each channel; the range is kept. */
  contrast: RandomTransform;
  /** Fewer voxels and back; `range` of the share of voxels along an axis, drawn for each channel. */
  lowResolution: RandomChannelTransform;
  /** Gamma curve of the negated image; `range` of the exponent, drawn for each channel. */
  invertedGamma: RandomTransform;
  /** Gamma curve; `range` of the exponent, drawn for each channel. */
  gamma: RandomTransform;
  /** Axes that a patch is mirrored along, each with probability one half: 0 is D, 1 is H, 2 is W. */
  mirrorAxes: number[];
}

/** Changes to a recipe, such as `{ gamma: { probability: 0 } }`. */
export type TransformChanges = { [name in TransformName]?: Partial<AugmentationRecipe[name]> };

/** Options of {@linkcode augmentationRecipe}. */
export interface AugmentationRecipeOptions {
  /** Number of voxels of the finished patch along D, H, W. */
  patchSize: Triple;
  /** Axes that may be mirrored; of no effect with `none`. @default {[0, 1, 2]} */
  mirrorAxes?: number[];
  /** Changes to single transforms. @default {{}} */
  transforms?: TransformChanges;
}

/** From this ratio of the longest axis to the first on, nnU-Net leaves the first axis alone. */
const ANISOTROPY = 3;

/**
 * Makes a recipe: nnU-Net's numbers (`nnUNetTrainer.get_training_transforms` and
 * `configure_rotation_dummyDA_mirroring_and_inital_patch_size`), with changes.
 *
 * `mirror` and `none` are the same recipe with every probability 0, so that single transforms can
 * be put back. A patch whose longest axis is more than 3 times its first is rotated by up to 180
 * degrees, but only within its slices ("dummy 2D").
 *
 * @example
 * ```ts
 * import { augmentationRecipe } from "@mednext/data/augmentation-recipe";
 * import { assertEquals } from "@std/assert";
 *
 * const recipe = augmentationRecipe("nnunet", {
 *   patchSize: [16, 64, 64],
 *   transforms: { noise: { probability: 0.5 } },
 * });
 * assertEquals(recipe.rotation, { probability: 0.2, range: [-180, 180] });
 * assertEquals(recipe.noise, { probability: 0.5, range: [0, 0.1] });
 * ```
 *
 * @param mode Where to start from.
 * @param options Size of the patches and changes.
 * @returns The recipe.
 * @throws {RangeError} If the changes make no sense.
 */
export function augmentationRecipe(
  mode: AugmentationMode,
  options: AugmentationRecipeOptions,
): AugmentationRecipe {
  const { patchSize, mirrorAxes = [0, 1, 2], transforms = {} } = options;
  const dummy2d = Math.max(...patchSize) / patchSize[0] > ANISOTROPY;
  const degrees = dummy2d ? 180 : 30;
  const recipe: AugmentationRecipe = {
    dummy2d,
    rotation: { probability: 0.2, range: [-degrees, degrees] },
    scaling: { probability: 0.2, range: [0.7, 1.4] },
    noise: { probability: 0.1, range: [0, 0.1] },
    blur: { probability: 0.2, channelProbability: 0.5, range: [0.5, 1] },
    brightness: { probability: 0.15, range: [0.75, 1.25] },
    contrast: { probability: 0.15, range: [0.75, 1.25] },
    lowResolution: { probability: 0.25, channelProbability: 0.5, range: [0.5, 1] },
    invertedGamma: { probability: 0.1, range: [0.7, 1.5] },
    gamma: { probability: 0.3, range: [0.7, 1.5] },
    mirrorAxes: mode === "none" ? [] : [...mirrorAxes],
  };
  for (const name of TRANSFORMS) {
    if (mode !== "nnunet") recipe[name].probability = 0;
    Object.assign(recipe[name], transforms[name]);
  }
  checkRecipe(recipe);
  return recipe;
}

/** Smallest value that each range may have. */
const LOWEST: Record<TransformName, number> = {
  rotation: -180,
  scaling: 0.01,
  noise: 0,
  blur: 0,
  brightness: 0,
  contrast: 0,
  lowResolution: 0.01,
  invertedGamma: 0.01,
  gamma: 0.01,
};
const HIGHEST: Partial<Record<TransformName, number>> = { rotation: 180, lowResolution: 1 };
const TRANSFORMS = Object.keys(LOWEST) as TransformName[];

function checkRecipe(recipe: AugmentationRecipe): void {
  for (const name of TRANSFORMS) {
    const { range, ...probabilities } = recipe[name];
    for (const [key, value] of Object.entries(probabilities)) {
      if (value >= 0 && value <= 1) continue;
      throw new RangeError(
        `Cannot augment patches: expected ${name}.${key} from 0 to 1, found ${value}`,
      );
    }
    const highest = HIGHEST[name] ?? 100;
    const [low, high] = range;
    if (range.length === 2 && low >= LOWEST[name] && low <= high && high <= highest) continue;
    throw new RangeError(
      `Cannot augment patches: expected ${name}.range to rise from at least ${
        LOWEST[name]
      } to at ` +
        `most ${highest}, found [${range.join(", ")}]`,
    );
  }
  const wrong = recipe.mirrorAxes.find((axis) => axis !== 0 && axis !== 1 && axis !== 2);
  if (wrong !== undefined) {
    throw new RangeError(
      `Cannot augment patches: expected mirrorAxes of 0, 1 and 2, found ${wrong}`,
    );
  }
}
