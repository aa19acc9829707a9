import type { tf } from "@mednext/kernels";
import { segmentationLoss } from "./segmentation_loss.ts";
import type { SoftDiceLossOptions } from "./soft_dice_loss.ts";

/** Settings of {@linkcode diceCrossEntropyLoss}. */
export interface DiceCrossEntropyLossOptions extends SoftDiceLossOptions {
  /**
   * Factor of the cross-entropy.
   * @default {1}
   */
  crossEntropyWeight?: number;
  /**
   * Factor of the Dice term.
   * @default {1}
   */
  diceWeight?: number;
}

/**
 * Cross-entropy plus soft Dice: the loss of nnU-Net and MedNeXt.
 *
 * The sum of `softmaxCrossEntropyLoss` and `softDiceLoss` for the price of one softmax. With `regions` it is the
 * binary cross-entropy, averaged over voxels and regions, and the Dice of all regions. Voxels of the ignored class are
 * in neither term; as in nnU-Net, the binary cross-entropy is then a mean over the voxels that count and a *sum* over
 * the regions.
 *
 * Source: nnU-Net v2, `training/loss/compound_losses.py`, `DC_and_CE_loss` and `DC_and_BCE_loss`.
 *
 * @example The sum of the two
 * ```ts
 * import { tf } from "@mednext/kernels";
 * import { diceCrossEntropyLoss, softDiceLoss, softmaxCrossEntropyLoss } from "@mednext/segment";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const labels: tf.Tensor4D = tf.tensor4d([0, 1, 2, 0], [1, 1, 2, 2], "int32");
 * const logits: tf.Tensor5D = tf.randomNormal([1, 1, 2, 2, 3], 0, 1, "float32", 7);
 * const both = diceCrossEntropyLoss(logits, labels).dataSync()[0];
 * const dice = softDiceLoss(logits, labels).dataSync()[0];
 * const entropy = softmaxCrossEntropyLoss(logits, labels).dataSync()[0];
 * assertAlmostEquals(both, dice + entropy, 1e-6);
 * ```
 *
 * @example Two regions, one inside of the other, and a voxel to ignore
 * ```ts
 * import { tf } from "@mednext/kernels";
 * import { diceCrossEntropyLoss } from "@mednext/segment";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const labels: tf.Tensor4D = tf.tensor4d([0, 1, 2, 3], [1, 1, 2, 2], "int32");
 * const logits: tf.Tensor5D = tf.zeros([1, 1, 2, 2, 2]);
 * const options = { regions: [[1, 2], [2]], ignoreClass: 3, diceWeight: 0 };
 * const loss = diceCrossEntropyLoss(logits, labels, options).dataSync()[0];
 * assertAlmostEquals(loss, 2 * Math.log(2), 1e-6);
 * ```
 *
 * @param logits `[N, D, H, W, classes]` or `[N, D, H, W, regions]`, before the softmax or sigmoid.
 * @param labels `[N, D, H, W]`, whole numbers below the number of classes, or the class to ignore; below zero counts as
 * background.
 * @param options The two factors, over what Dice is taken, regions, and which voxels do not count.
 * @returns One value; differentiable for the logits.
 * @throws {RangeError} If the shapes do not fit or there is one class only.
 */
export function diceCrossEntropyLoss(
  logits: tf.Tensor5D,
  labels: tf.Tensor4D,
  options: DiceCrossEntropyLossOptions = {},
): tf.Scalar {
  const { crossEntropyWeight = 1, diceWeight = 1, batchDice = false, smooth = 1e-5, ...meaning } =
    options;
  const terms = { crossEntropyWeight, diceWeight, batchDice, smooth, ...meaning };
  return segmentationLoss(logits, labels, terms);
}
