/**
 * Training batches.
 * @module
 */
import { applyAugmentation } from "./augment/apply_augmentation.ts";
import {
  type AugmentationMode,
  type AugmentationRecipe,
  augmentationRecipe,
  type TransformChanges,
} from "./augment/augmentation_recipe.ts";
import { centreStart } from "./augment/centre_start.ts";
import { drawAugmentation } from "./augment/draw_augmentation.ts";
import { enlargedPatchSize } from "./augment/enlarged_patch_size.ts";
import type { ImageAndLabel } from "./augment/transform_patch.ts";
import { cutPatch } from "./patches/cut_patch.ts";
import { drawPatchStart } from "./patches/draw_patch_start.ts";
import type { SampledCase } from "./patch_sampler.ts";
import { type RandomStream, randomStream } from "./random.ts";
import { roundHalfEven } from "./resample/round_half_even.ts";
import type { Triple } from "./volume.ts";

/** Cases that batches are drawn from. */
export interface CaseSource {
  /** Ids of the cases, in a fixed order. */
  ids: string[];
  /** Gives a case; called for each patch, so keep in memory what is slow to read. */
  load(id: string): SampledCase | Promise<SampledCase>;
}

/** Options of {@linkcode sampleBatch}. */
export interface SampleBatchOptions {
  /** Seed of the training run. */
  seed: number;
  /** Number of the training step, from 0. */
  step: number;
  /** Number of patches. @default {2} */
  batchSize?: number;
  /** Number of voxels of a patch along D, H, W. */
  patchSize: Triple;
  /** Share of the patches that must hold foreground. @default {0.33} */
  foregroundFraction?: number;
  /** How patches are augmented. @default {"mirror"} */
  augmentation?: AugmentationMode;
  /** Axes that each patch may be mirrored along; 0 is D, 1 is H, 2 is W. @default {[0, 1, 2]} */
  mirrorAxes?: number[];
  /** Changes to single transforms of the augmentation. @default {{}} */
  transforms?: TransformChanges;
  /** Channels that are 0 where the label is -1: those normalised within the mask. @default {[]} */
  maskedChannels?: number[];
}

/** A training batch. */
export interface Batch {
  /** Voxels in C order over `[N, D, H, W, C]`. */
  images: Float32Array;
  /** Classes in C order over `[N, D, H, W]`. */
  labels: Int32Array;
  /** N, D, H, W, C. */
  shape: [number, number, number, number, number];
  /** The case that each patch is from. */
  caseIds: string[];
}

/**
 * Draws the batch of one training step: a pure function of the cases, the seed and the step, so a
 * run that is resumed at a step sees what an uninterrupted run would have seen.
 *
 * Cases are drawn with replacement. Patch i of N is forced to hold foreground if
 * i >= round(N * (1 - foregroundFraction)), nnU-Net's rule: one of two patches for a third. That
 * rule would never force a batch of one, so such a batch is forced with probability
 * `foregroundFraction`.
 *
 * Patches are cut by the rules of `samplePatch` and changed by those of `augmentPatch`.
 *
 * @example
 * ```ts
 * import { sampleBatch } from "@mednext/data/sample-batch";
 * import { assertEquals } from "@std/assert";
 *
 * const only = {
 *   image: new Float32Array(64),
 *   label: new Int16Array(64),
 *   shape: [4, 4, 4] as [number, number, number],
 *   channels: 1,
 *   foreground: [],
 * };
 * const cases = { ids: ["a"], load: () => only };
 * const batch = await sampleBatch(cases, { seed: 1, step: 0, patchSize: [2, 2, 2] });
 * assertEquals(batch.shape, [2, 2, 2, 2, 1]);
 * ```
 *
 * @param cases The cases; all must have the same number of channels.
 * @param options Seed, step and the shape of the batch.
 * @returns The batch.
 * @throws {RangeError} If there is no case, the batch or the patch is empty, the fraction is not
 * from 0 to 1, the cases differ in channels, or the changes to transforms make no sense.
 */
export async function sampleBatch(cases: CaseSource, options: SampleBatchOptions): Promise<Batch> {
  const { batchSize = 2, patchSize, foregroundFraction = 0.33 } = options;
  const { augmentation = "mirror" } = options;
  check(cases, batchSize, patchSize, foregroundFraction);
  const recipe = augmentationRecipe(augmentation, options);
  const count = patchSize[0] * patchSize[1] * patchSize[2];
  const labels = new Int32Array(batchSize * count);
  const caseIds: string[] = [];
  let images = new Float32Array(0), channels = 0;
  for (let sample = 0; sample < batchSize; sample++) {
    const stream = randomStream(options.seed, "batch", options.step, sample);
    const id = cases.ids[stream.integer(cases.ids.length)];
    const source = await cases.load(id);
    if (sample === 0) {
      channels = source.channels;
      images = new Float32Array(batchSize * count * channels);
    } else if (source.channels !== channels) {
      throw new RangeError(
        `Cannot draw a batch: case ${id} has ${source.channels} channels, ` +
          `case ${caseIds[0]} has ${channels}`,
      );
    }
    const forceForeground = isForced(sample, batchSize, foregroundFraction, stream);
    const patch = drawPatch(source, { ...options, recipe, sample, stream, forceForeground });
    images.set(patch.image, sample * count * channels);
    labels.set(patch.label, sample * count);
    caseIds.push(id);
  }
  return { images, labels, shape: [batchSize, ...patchSize, channels], caseIds };
}

/**
 * `samplePatch` and `augmentPatch`, but of the enlarged patch only as much is cut out as is used:
 * its middle, if nothing is rotated or scaled.
 */
function drawPatch(
  source: SampledCase,
  options: SampleBatchOptions & {
    recipe: AugmentationRecipe;
    sample: number;
    stream: RandomStream;
    forceForeground: boolean;
  },
): ImageAndLabel {
  const { patchSize, recipe, maskedChannels } = options;
  const enlargedSize = enlargedPatchSize(patchSize, recipe);
  const augmentation = drawAugmentation(recipe, { ...options, channels: source.channels });
  const start = drawPatchStart(source, { ...options, enlargedSize });
  const middle = centreStart(enlargedSize, patchSize);
  const part = augmentation.matrix
    ? { start, shape: enlargedSize }
    : { start: start.map((first, axis) => first + middle[axis]) as Triple, shape: patchSize };
  return applyAugmentation(cutPatch(source, part), { augmentation, patchSize, maskedChannels });
}

function isForced(index: number, size: number, fraction: number, stream: RandomStream): boolean {
  if (size === 1) return stream.uniform() < fraction;
  return index >= roundHalfEven(size * (1 - fraction));
}

function check(cases: CaseSource, batchSize: number, patchSize: Triple, fraction: number): void {
  if (cases.ids.length === 0) throw new RangeError("Cannot draw a batch: there are no cases");
  if (![batchSize, ...patchSize].every((size) => Number.isInteger(size) && size > 0)) {
    throw new RangeError(
      `Cannot draw a batch of ${batchSize} patches of ${patchSize.join(" x ")} voxels: ` +
        "every size must be a positive whole number",
    );
  }
  if (!(fraction >= 0 && fraction <= 1)) {
    throw new RangeError(
      `Cannot draw a batch: foregroundFraction must be from 0 to 1, found ${fraction}`,
    );
  }
}
