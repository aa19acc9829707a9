import { tf } from "@mednext/kernels";
import { argmaxMask } from "./argmax_mask.ts";
import { gaussianImportance } from "./gaussian_importance.ts";
import type { Network } from "./network.ts";
import { checkPrediction } from "./check_prediction.ts";
import { runNetwork } from "./run_network.ts";
import { slidingWindowSteps } from "./sliding_window_steps.ts";
import { softmaxRows } from "./softmax_rows.ts";
import { type Average, averageIn, flipCombinations, type Patch, readPatch } from "./window.ts";

/** Settings of {@linkcode predictVolume}. */
export interface PredictVolumeOptions {
  /** The voxels of the volume, D, H, W. */
  shape: readonly [number, number, number];
  /** The voxels of the patches that the network sees, D, H, W. */
  patchSize: readonly [number, number, number];
  /**
   * The channels of the volume, the fastest axis of its data.
   * @default {1}
   */
  channels?: number;
  /**
   * The largest distance of two patches as a fraction of the patch, in (0, 1].
   * @default {0.5}
   */
  stepSize?: number;
  /**
   * The axes (0 = D, 1 = H, 2 = W) along which patches are also predicted turned around, in all
   * combinations: three axes make eight predictions per patch. Only for networks trained with mirroring.
   * @default {[]}
   */
  mirrorAxes?: readonly number[];
  /**
   * Whether the middle of a patch counts more than its rim.
   * @default {true}
   */
  gaussian?: boolean;
  /**
   * What is averaged: logits, as nnU-Net v2 does, or probabilities, as nnU-Net v1 and MedNeXt do.
   * @default {"logits"}
   */
  aggregate?: "logits" | "softmax";
  /** Is told after each patch how many are done and how many there are. */
  onProgress?: (done: number, patches: number) => void;
  /** Stops between two patches. */
  signal?: AbortSignal;
}

/** What {@linkcode predictVolume} gives. */
export interface VolumePrediction {
  /** Averaged logits or probabilities, `[D, H, W, classes]` in C order. */
  scores: Float32Array;
  /** The class of each voxel, `[D, H, W]` in C order. */
  mask: Uint8Array;
  /** D, H, W. */
  shape: [number, number, number];
  /** The number of classes. */
  classes: number;
}

/**
 * Segments a volume of any size patch by patch.
 *
 * Patches overlap; where they do, their predictions are averaged, weighted by a Gaussian around the middle
 * of each. A volume smaller than the patch is centred in zeros. Several networks (the folds of a
 * cross-validation) are averaged. Memory holds the volume, the scores and one patch; the event loop gets a turn
 * after each patch.
 *
 * Source: nnU-Net v2, `inference/predict_from_raw_data.py`, `predict_sliding_window_return_logits`.
 *
 * @example A threshold as the network
 * ```ts
 * import { tf } from "@mednext/kernels";
 * import { predictVolume } from "@mednext/segment";
 * import { assertEquals } from "@std/assert";
 *
 * const brighterThanHalf = (patch: tf.Tensor5D) => tf.concat([tf.onesLike(patch).mul(0.5), patch], 4);
 * const volume = Float32Array.from({ length: 5 * 4 * 3 }, (_, voxel) => voxel % 2);
 * const { mask } = await predictVolume(brighterThanHalf, volume, {
 *   shape: [5, 4, 3],
 *   patchSize: [4, 4, 4],
 * });
 * assertEquals(mask, Uint8Array.from(volume));
 * ```
 *
 * @param networks One network or several.
 * @param volume Preprocessed intensities, `[D, H, W, channels]` in C order; not written to.
 * @param options The geometry and how predictions are averaged.
 * @returns Scores and mask on the grid of the volume.
 * @throws {RangeError} If the volume, the options or the networks' outputs do not fit together.
 * @throws {Error} If a network gives what is not a finite number.
 * @throws The signal's reason when it aborts.
 */
export async function predictVolume(
  networks: Network | readonly Network[],
  volume: Float32Array,
  options: PredictVolumeOptions,
): Promise<VolumePrediction> {
  const { shape, patchSize, channels = 1, gaussian = true, mirrorAxes = [], signal } = options;
  const all = Array.isArray(networks) ? networks as readonly Network[] : [networks as Network];
  checkPrediction(all.length, volume, options);
  const flips = flipCombinations(mirrorAxes);
  const starts = patchStarts(options);
  const importance = gaussian
    ? gaussianImportance(patchSize)
    : new Float32Array(product(patchSize)).fill(1);
  const input = new Float32Array(importance.length * channels);
  let average: Average | undefined;
  for (const [index, start] of starts.entries()) {
    signal?.throwIfAborted();
    for (const flip of flips) {
      const patch: Patch = { volume: shape, size: patchSize, start, flips: flip };
      readPatch(volume, patch, { channels, into: input });
      for (const network of all) {
        const { values, classes } = await predictPatch(network, input, options);
        average ??= emptyAverage(shape, classes);
        checkClasses(average.classes, classes);
        averageIn(average, patch, { values, importance });
      }
    }
    options.onProgress?.(index + 1, starts.length);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  const { scores, classes } = average!;
  return { scores, mask: argmaxMask(scores, classes), shape: [...shape], classes };
}

/** First voxels of all patches, in the coordinates of the volume: below zero where it is padded. */
function patchStarts(
  { shape, patchSize, stepSize }: PredictVolumeOptions,
): [number, number, number][] {
  const padded = shape.map((size, axis) => Math.max(size, patchSize[axis]));
  const before = shape.map((size, axis) => Math.floor((padded[axis] - size) / 2));
  const [planes, rows, columns] = slidingWindowSteps(padded, patchSize, { stepSize })
    .map((steps, axis) => steps.map((step) => step - before[axis]));
  return planes.flatMap((z) =>
    rows.flatMap((y) => columns.map((x): [number, number, number] => [z, y, x]))
  );
}

/** The scores of one patch, copied out of the tensors, which are disposed of. */
async function predictPatch(
  network: Network,
  input: Float32Array,
  { patchSize, channels = 1, aggregate = "logits" }: PredictVolumeOptions,
): Promise<{ values: Float32Array; classes: number }> {
  const patch: tf.Tensor5D = tf.tensor5d(input, [1, ...patchSize, channels]);
  let logits: tf.Tensor5D | undefined;
  try {
    logits = runNetwork(network, patch);
    const classes = logits.shape[4];
    const values = (await logits.data()).slice() as Float32Array;
    if (!allFinite(values)) {
      throw new Error("Cannot predict a patch as the network gave values that are not finite");
    }
    if (aggregate === "softmax") softmaxRows(values, classes);
    return { values, classes };
  } finally {
    tf.dispose([patch, ...(logits === undefined ? [] : [logits])]);
  }
}

function emptyAverage(shape: readonly number[], classes: number): Average {
  const voxels = product(shape);
  return {
    scores: new Float32Array(voxels * classes),
    weights: new Float32Array(voxels),
    classes,
  };
}

function allFinite(values: Float32Array): boolean {
  let sum = 0;
  // Zero for every number, and not a number for infinities and NaN, which a sum never loses again.
  for (let i = 0; i < values.length; i++) sum += values[i] - values[i];
  return sum === 0;
}

function checkClasses(expected: number, found: number): void {
  if (expected === found) return;
  throw new RangeError(
    `Cannot average networks as all must have the same classes: found ${expected} and ${found}`,
  );
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total * size, 1);
}
