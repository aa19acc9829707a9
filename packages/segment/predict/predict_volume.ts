import { argmaxMask } from "./argmax_mask.ts";
import type { Network } from "./network.ts";
import { predictSlabs, type PredictSlabsOptions } from "./predict_slabs.ts";

/** Settings of {@linkcode predictVolume}: those of `predictSlabs`. */
export type PredictVolumeOptions = PredictSlabsOptions;

/** What {@linkcode predictVolume} gives. */
export interface VolumePrediction {
  /** Averaged logits or probabilities, `[D, H, W, classes]` in C order. */
  scores: Float32Array;
  /** The class of the highest score of each voxel, `[D, H, W]` in C order. */
  mask: Uint8Array;
  /** D, H, W. */
  shape: [number, number, number];
  /** The number of classes. */
  classes: number;
}

/**
 * Segments a volume of any size patch by patch: all slabs of `predictSlabs` at once. Memory holds the
 * scores of the whole volume.
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
  const [depth, height, width] = options.shape;
  let scores = new Float32Array(0);
  let found = 0;
  for await (const { start, scores: slab, classes } of predictSlabs(networks, volume, options)) {
    found = classes;
    if (start === 0) scores = new Float32Array(depth * height * width * classes);
    scores.set(slab, start * height * width * classes);
  }
  const mask = argmaxMask(scores, found);
  return { scores, mask, shape: [depth, height, width], classes: found };
}
