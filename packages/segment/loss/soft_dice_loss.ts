import type { tf } from "@mednext/kernels";
import { segmentationLoss } from "./segmentation_loss.ts";

/** Settings of {@linkcode softDiceLoss}. */
export interface SoftDiceLossOptions {
  /**
   * Whether the Dice of a class is taken over all cases of the batch together instead of one by one.
   * @default {false}
   */
  batchDice?: boolean;
  /**
   * What is added above and below the fraction.
   * @default {1e-5}
   */
  smooth?: number;
  /** The class of voxels that do not count, such as one above all others. All count if left out. */
  ignoreClass?: number;
  /**
   * The classes of each region, if the network looks for regions, which may overlap, instead of classes: each logit is
   * then that of a region, with a sigmoid of its own in place of the softmax, and none is the background.
   */
  regions?: readonly (readonly number[])[];
}

/**
 * Minus the mean soft Dice of the foreground classes, or of the regions.
 *
 * With the intersection I of softmax and labels, and their sums P and G over the voxels, the Dice of a class is
 * `(2I + smooth) / max(G + P + smooth, 1e-8)`; the mean is over the classes from 1 on and, without `batchDice`,
 * the cases. It lies in [-1, 0]. Labels below zero count as background.
 *
 * Source: nnU-Net v2, `training/loss/dice.py`, `MemoryEfficientSoftDiceLoss` with `do_bg=False`; for regions `True`.
 *
 * @example A sure and right answer
 * ```ts
 * import { tf } from "@mednext/kernels";
 * import { softDiceLoss } from "@mednext/segment";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const labels: tf.Tensor4D = tf.tensor4d([0, 1, 1, 0], [1, 1, 2, 2], "int32");
 * const logits: tf.Tensor5D = tf.tensor5d([50, 0, 0, 50, 0, 50, 50, 0], [1, 1, 2, 2, 2]);
 * assertAlmostEquals(softDiceLoss(logits, labels).dataSync()[0], -1, 1e-6);
 * ```
 *
 * @param logits `[N, D, H, W, classes]` or `[N, D, H, W, regions]`, before the softmax or sigmoid.
 * @param labels `[N, D, H, W]`, whole numbers below the number of classes, or the class to ignore.
 * @param options Over what Dice is taken.
 * @returns One value; differentiable for the logits.
 * @throws {RangeError} If the shapes do not fit or there is one class only.
 */
export function softDiceLoss(
  logits: tf.Tensor5D,
  labels: tf.Tensor4D,
  options: SoftDiceLossOptions = {},
): tf.Scalar {
  const { batchDice = false, smooth = 1e-5, ...meaning } = options;
  const terms = { crossEntropyWeight: 0, diceWeight: 1, batchDice, smooth, ...meaning };
  return segmentationLoss(logits, labels, terms);
}
