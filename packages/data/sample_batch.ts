/**
 * Training batches.
 * @module
 */
import { mirror } from "./augment/mirror.ts";
import { randomMirrorAxes } from "./augment/random_mirror_axes.ts";
import { type Patch, type SampledCase, samplePatch } from "./patch_sampler.ts";
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
  /** Share of the patches that must hold foreground. @default {1 / 3} */
  foregroundFraction?: number;
  /** Axes that each patch may be mirrored along; 0 is D, 1 is H, 2 is W. @default {[0, 1, 2]} */
  mirrorAxes?: number[];
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
 * from 0 to 1, or the cases differ in channels.
 */
export async function sampleBatch(cases: CaseSource, options: SampleBatchOptions): Promise<Batch> {
  const { seed, step, batchSize = 2, patchSize, foregroundFraction = 1 / 3 } = options;
  const { mirrorAxes = [0, 1, 2] } = options;
  check(cases, batchSize, patchSize, foregroundFraction);
  const count = patchSize[0] * patchSize[1] * patchSize[2];
  const labels = new Int32Array(batchSize * count);
  const caseIds: string[] = [];
  let images = new Float32Array(0), channels = 0;
  for (let i = 0; i < batchSize; i++) {
    const stream = randomStream(seed, "batch", step, i);
    const id = cases.ids[stream.integer(cases.ids.length)];
    const source = await cases.load(id);
    if (i === 0) {
      channels = source.channels;
      images = new Float32Array(batchSize * count * channels);
    } else if (source.channels !== channels) {
      throw new RangeError(
        `Cannot draw a batch: case ${id} has ${source.channels} channels, ` +
          `case ${caseIds[0]} has ${channels}`,
      );
    }
    const forceForeground = isForced(i, batchSize, foregroundFraction, stream);
    const patch = samplePatch(source, { patchSize, stream, forceForeground });
    const mirrored = mirrorPatch(patch, { patchSize, channels, mirrorAxes, stream });
    images.set(mirrored.image, i * count * channels);
    labels.set(mirrored.label, i * count);
    caseIds.push(id);
  }
  return { images, labels, shape: [batchSize, ...patchSize, channels], caseIds };
}

function isForced(index: number, size: number, fraction: number, stream: RandomStream): boolean {
  if (size === 1) return stream.uniform() < fraction;
  return index >= roundHalfEven(size * (1 - fraction));
}

function mirrorPatch(
  patch: Patch,
  { patchSize, channels, mirrorAxes, stream }: {
    patchSize: Triple;
    channels: number;
    mirrorAxes: number[];
    stream: RandomStream;
  },
): Pick<Patch, "image" | "label"> {
  const axes = randomMirrorAxes(mirrorAxes, stream);
  if (axes.length === 0) return patch;
  return {
    image: mirror(patch.image, { shape: patchSize, channels, axes }),
    label: mirror(patch.label, { shape: patchSize, axes }),
  };
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
