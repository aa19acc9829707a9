import type { tf } from "@mednext/kernels";
import { segmentationLoss } from "./segmentation_loss.ts";

/** Settings of {@linkcode softmaxCrossEntropyLoss}. */
export interface SoftmaxCrossEntropyLossOptions {
  /** The class of voxels that do not count. All count if left out. */
  ignoreClass?: number;
}

/**
 * Cross-entropy of the softmax over the classes, averaged over all voxels of the batch that count; 0 if none does.
 *
 * Labels below zero count as background (class 0), as in nnU-Net. Its gradient is in closed form.
 *
 * @example Undecided between two classes
 * ```ts
 * import { tf } from "@mednext/kernels";
 * import { softmaxCrossEntropyLoss } from "@mednext/segment";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const logits: tf.Tensor5D = tf.zeros([1, 2, 2, 2, 2]);
 * const labels: tf.Tensor4D = tf.ones([1, 2, 2, 2], "int32");
 * assertAlmostEquals(softmaxCrossEntropyLoss(logits, labels).dataSync()[0], Math.log(2), 1e-6);
 * ```
 *
 * @param logits `[N, D, H, W, classes]`, before the softmax.
 * @param labels `[N, D, H, W]`, whole numbers below the number of classes.
 * @param options Which voxels do not count.
 * @returns One value; differentiable for the logits.
 * @throws {RangeError} If the shapes do not fit or there is one class only.
 */
export function softmaxCrossEntropyLoss(
  logits: tf.Tensor5D,
  labels: tf.Tensor4D,
  { ignoreClass }: SoftmaxCrossEntropyLossOptions = {},
): tf.Scalar {
  return segmentationLoss(logits, labels, {
    crossEntropyWeight: 1,
    diceWeight: 0,
    batchDice: true,
    smooth: 0,
    ignoreClass,
  });
}
