/**
 * The random numbers of an augmented patch.
 * @module
 */
import { type RandomStream, randomStream } from "../random.ts";
import type { Triple } from "../volume.ts";
import type {
  AugmentationRecipe,
  RandomChannelTransform,
  RandomTransform,
  TransformName,
} from "./augmentation_recipe.ts";
import { randomMirrorAxes } from "./random_mirror_axes.ts";
import { transformMatrix } from "./transform_matrix.ts";

/** What is done to one patch; a transform that is left out costs nothing. Plain data. */
export interface Augmentation {
  /** Rotation and scaling, for `transformPatch`. */
  matrix?: number[];
  /** Standard deviation of the noise, and its seed for each channel. */
  noise?: { sigma: number; seeds: number[] };
  /** Standard deviations along D, H, W for each channel; undefined leaves a channel as it is. */
  blur?: (Triple | undefined)[];
  /** Factor for each channel. */
  brightness?: number[];
  /** Factor for each channel. */
  contrast?: number[];
  /** Share of voxels along D, H, W for each channel; undefined leaves a channel as it is. */
  lowResolution?: (Triple | undefined)[];
  /** Exponent for each channel. */
  invertedGamma?: number[];
  /** Exponent for each channel. */
  gamma?: number[];
  /** Axes to mirror. */
  mirrorAxes: number[];
}

/** Which patch of a training random numbers are for. */
export interface PatchKey {
  /** Seed of the training. */
  seed: number;
  /** Number of the training step. */
  step: number;
  /** Place of the patch in its batch. */
  sample: number;
}

/**
 * Draws what is done to a patch. Each transform has random numbers of its own, keyed by seed, step,
 * sample and its name: to change one leaves the others as they were.
 *
 * @example
 * ```ts
 * import { augmentationRecipe, drawAugmentation } from "@mednext/data";
 * import { assertEquals } from "@std/assert";
 *
 * const recipe = augmentationRecipe("nnunet", { patchSize: [48, 64, 48] });
 * const key = { seed: 1, step: 9, sample: 0, channels: 1 };
 * assertEquals(drawAugmentation(recipe, key), drawAugmentation(recipe, key));
 * ```
 *
 * @param recipe Probabilities and ranges.
 * @param key Which patch it is, and how many channels it has.
 * @returns What is done to it.
 */
export function drawAugmentation(
  recipe: AugmentationRecipe,
  key: PatchKey & { channels: number },
): Augmentation {
  const { channels } = key;
  const { noise, blur, lowResolution } = recipe;
  const open = (name: string) => randomStream(key.seed, "augment", key.step, key.sample, name);
  const drawn = <T>(name: TransformName, draw: (stream: RandomStream) => T) => {
    const stream = open(name);
    return stream.uniform() < recipe[name].probability ? draw(stream) : undefined;
  };
  const perChannel = <T>(draw: () => T) => Array.from({ length: channels }, draw);
  const factors = (name: "brightness" | "contrast" | "invertedGamma" | "gamma") =>
    drawn(name, (stream) => perChannel(() => aroundOne(stream, recipe[name])));
  return {
    matrix: drawMatrix(recipe, drawn("rotation", same), drawn("scaling", same)),
    noise: drawn("noise", (stream) => ({
      sigma: uniform(stream, noise),
      seeds: perChannel(() => stream.integer(2 ** 32)),
    })),
    blur: drawn(
      "blur",
      (stream) => perChannel(() => chosen(stream, blur, () => triple(() => uniform(stream, blur)))),
    ),
    brightness: factors("brightness"),
    contrast: factors("contrast"),
    lowResolution: drawn(
      "lowResolution",
      (stream) =>
        perChannel(() =>
          chosen(stream, lowResolution, () => {
            const scale = uniform(stream, lowResolution);
            return [recipe.dummy2d ? 1 : scale, scale, scale] as Triple;
          })
        ),
    ),
    invertedGamma: factors("invertedGamma"),
    gamma: factors("gamma"),
    mirrorAxes: randomMirrorAxes(recipe.mirrorAxes, open("mirror")),
  };
}

const same = (stream: RandomStream) => stream;

function drawMatrix(
  { rotation, scaling, dummy2d }: AugmentationRecipe,
  rotate?: RandomStream,
  resize?: RandomStream,
): number[] | undefined {
  if (!rotate && !resize) return undefined;
  const angle = () => rotate ? uniform(rotate, rotation) * Math.PI / 180 : 0;
  const scale = resize ? uniform(resize, scaling) : 1;
  if (!dummy2d) return transformMatrix(triple(angle), [scale, scale, scale]);
  return transformMatrix([angle(), 0, 0], [1, scale, scale]);
}

function chosen<T>(
  stream: RandomStream,
  { channelProbability }: RandomChannelTransform,
  draw: () => T,
): T | undefined {
  return stream.uniform() < channelProbability ? draw() : undefined;
}

const triple = (draw: () => number): Triple => [draw(), draw(), draw()];

function uniform(
  stream: RandomStream,
  { range: [low, high] }: Pick<RandomTransform, "range">,
): number {
  return low + (high - low) * stream.uniform();
}

/**
 * batchgeneratorsv2's `BGContrast`: below 1 half of the time, above it the other half. Where the range lies on one
 * side of 1, all of the time there (below it, `BGContrast` leaves the range).
 */
function aroundOne(stream: RandomStream, { range: [low, high] }: RandomTransform): number {
  const isBelow = (stream.uniform() < 0.5 && low < 1) || high < 1;
  return uniform(stream, {
    range: isBelow ? [low, Math.min(high, 1)] : [Math.max(low, 1), high],
  });
}
