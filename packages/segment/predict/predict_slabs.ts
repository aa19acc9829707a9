import { checkPrediction } from "./check_prediction.ts";
import { gaussianImportance } from "./gaussian_importance.ts";
import type { Network } from "./network.ts";
import { predictPatch } from "./predict_patch.ts";
import { slidingWindowSteps } from "./sliding_window_steps.ts";
import { createScoreWindow, type ScoreWindow } from "./score_window.ts";
import { flipCombinations, readPatch, type Triple } from "./window.ts";

/** Settings of {@linkcode predictSlabs}. */
export interface PredictSlabsOptions {
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
   * What is averaged: logits, as nnU-Net v2 does, or probabilities, as nnU-Net v1 and MedNeXt do; of
   * regions those are a sigmoid's.
   * @default {"logits"}
   */
  aggregate?: "logits" | "softmax" | "sigmoid";
  /** Is told after each patch how many are done and how many there are. */
  onProgress?: (done: number, patches: number) => void;
  /** Stops between two patches. */
  signal?: AbortSignal;
}

/** Some rows of a volume along D whose scores are final. */
export interface ScoreSlab {
  /** The first row. */
  start: number;
  /** One past the last row. */
  stop: number;
  /**
   * Averaged logits or probabilities, `[stop - start, H, W, classes]` in C order; valid until the next
   * slab is asked for.
   */
  scores: Float32Array;
  /** The number of classes. */
  classes: number;
}

/**
 * Segments a volume of any size patch by patch, and gives the scores slab by slab.
 *
 * Patches overlap; where they do, their predictions are averaged, weighted by a Gaussian around the middle
 * of each. A volume smaller than the patch is centred in zeros. Several networks (the folds of a
 * cross-validation) are averaged. Patches go along W, then H, then D, and rows that no later patch
 * touches are handed on at once: memory holds the volume, the scores of as many rows as a patch has, and
 * the tensors of one patch, however long the volume is. The event loop gets a turn after each patch.
 *
 * Source: nnU-Net v2, `inference/predict_from_raw_data.py`, `predict_sliding_window_return_logits`.
 *
 * @example Two slabs, the second where the first patches end
 * ```ts
 * import { tf } from "@mednext/kernels";
 * import { predictSlabs } from "@mednext/segment";
 * import { assertEquals } from "@std/assert";
 *
 * const itself = (patch: tf.Tensor5D) => tf.clone(patch);
 * const volume = Float32Array.from({ length: 8 * 4 * 4 }, (_, voxel) => voxel);
 * const rows: [number, number][] = [];
 * const options = { shape: [8, 4, 4] as const, patchSize: [4, 4, 4] as const, stepSize: 1 };
 * for await (const { start, stop, scores } of predictSlabs(itself, volume, options)) {
 *   rows.push([start, stop]);
 *   assertEquals(scores, volume.subarray(start * 16, stop * 16));
 * }
 * assertEquals(rows, [[0, 4], [4, 8]]);
 * ```
 *
 * @param networks One network or several.
 * @param volume Preprocessed intensities, `[D, H, W, channels]` in C order; not written to.
 * @param options The geometry and how predictions are averaged.
 * @returns The slabs in order; together they are the volume.
 * @throws {RangeError} If the volume, the options or the networks' outputs do not fit together.
 * @throws {Error} If a network gives what is not a finite number.
 * @throws The signal's reason when it aborts.
 */
export async function* predictSlabs(
  networks: Network | readonly Network[],
  volume: Float32Array,
  options: PredictSlabsOptions,
): AsyncGenerator<ScoreSlab> {
  const { shape, patchSize, channels = 1, gaussian = true, mirrorAxes = [], signal } = options;
  const all = Array.isArray(networks) ? networks as readonly Network[] : [networks as Network];
  checkPrediction(all.length, volume, options);
  const voxels = patchSize[0] * patchSize[1] * patchSize[2];
  const importance = gaussian ? gaussianImportance(patchSize) : new Float32Array(voxels).fill(1);
  const input = new Float32Array(voxels * channels);
  const allFlips = flipCombinations(mirrorAxes);
  const starts = patchStarts(options);
  let window: ScoreWindow | undefined;
  for (const [index, start] of starts.entries()) {
    signal?.throwIfAborted();
    const slab = window?.advance(Math.max(0, start[0]));
    if (slab !== undefined) yield slab;
    for (const flips of allFlips) {
      readPatch(volume, { volume: shape, size: patchSize, start, flips }, {
        channels,
        into: input,
      });
      for (const network of all) {
        const { values, classes } = await predictPatch(network, input, options);
        window ??= createScoreWindow({ shape, patchSize, classes });
        window.average(values, { start, flips, importance, classes });
      }
    }
    options.onProgress?.(index + 1, starts.length);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  yield window!.advance(shape[0])!;
}

/** First voxels of all patches, in the coordinates of the volume: below zero where it is padded. */
function patchStarts({ shape, patchSize, stepSize }: PredictSlabsOptions): Triple[] {
  const padded = shape.map((size, axis) => Math.max(size, patchSize[axis]));
  const before = shape.map((size, axis) => Math.floor((padded[axis] - size) / 2));
  const [planes, rows, columns] = slidingWindowSteps(padded, patchSize, { stepSize })
    .map((steps, axis) => steps.map((step) => step - before[axis]));
  return planes.flatMap((z) => rows.flatMap((y) => columns.map((x): Triple => [z, y, x])));
}
