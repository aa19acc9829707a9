import { runKernel } from "../run_kernel.ts";
import { tf } from "../tf.ts";
import { checkLabelled, ignoredAttr } from "./labelled.ts";

/** Settings of {@linkcode segmentationSums}. */
export interface SegmentationSumsOptions {
  /** The label of voxels that are in no sum and have no gradient; it may be that of no class. All count if left out. */
  ignored?: number;
}

/**
 * The sums that cross-entropy and soft Dice are made of, for each image and class, in one pass over the logits; the
 * gradient is another pass. Neither keeps a softmax in memory.
 *
 * Labels below zero count as class 0.
 *
 * @example Cross-entropy and soft Dice
 * ```ts
 * import { segmentationSums, tf } from "@mednext/kernels";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const logits = tf.zeros([1, 2, 2, 2, 2]);
 * const labels = tf.tensor([0, 1, 1, 1, 0, 0, 0, 0], [1, 2, 2, 2], "int32");
 * const [inside, probability, voxels, entropy] = tf.unstack(segmentationSums(logits, labels), 1);
 * const dice = tf.div(tf.mul(inside, 2), tf.add(probability, voxels)).dataSync();
 * assertAlmostEquals(dice[1], 2 * 1.5 / (4 + 3), 1e-6);
 * assertAlmostEquals(tf.sum(entropy).dataSync()[0], 8 * Math.log(2), 1e-5);
 * ```
 *
 * @param logits `[N, D, H, W, K]`, float32, before the softmax.
 * @param labels `[N, D, H, W]`, whole numbers below K; no gradient goes there.
 * @param options Which voxels do not count.
 * @returns `[N, 4, K]`. For each class: the softmax probability of the class summed over the voxels with its label;
 *   over all voxels; the number of voxels with its label; and the cross-entropy summed over these.
 * @throws {TypeError} If the logits are not float32.
 * @throws {RangeError} If the shapes do not fit, or, where the backend tells, a label is K or more.
 */
export function segmentationSums(
  logits: tf.Tensor,
  labels: tf.Tensor,
  options: SegmentationSumsOptions = {},
): tf.Tensor3D {
  checkLabelled("segmentationSums", logits, labels);
  const attrs = ignoredAttr("segmentationSums", options);
  return tf.tidy(() =>
    runKernel("SegmentationSums", { logits, labels: tf.cast(labels, "int32") }, attrs)
  ) as tf.Tensor3D;
}
