import { tf } from "@mednext/kernels";
import { deepSupervisionWeights } from "./deep_supervision_weights.ts";
import {
  diceCrossEntropyLoss,
  type DiceCrossEntropyLossOptions,
} from "./dice_cross_entropy_loss.ts";
import { downsampleLabels } from "./downsample_labels.ts";

/** Settings of {@linkcode deepSupervisionLoss}. */
export interface DeepSupervisionLossOptions extends DiceCrossEntropyLossOptions {
  /**
   * The factor of each head.
   * @default {deepSupervisionWeights(heads.length, { dropLast })}
   */
  weights?: readonly number[];
  /**
   * Whether the weights, if not given, leave the head of the lowest resolution out, as nnU-Net's.
   * @default {false}
   */
  dropLast?: boolean;
}

/**
 * The weighted sum of `diceCrossEntropyLoss` over the heads of a network, each against the labels on its own
 * grid (nearest voxel).
 *
 * One head gives its plain loss.
 *
 * @example Two heads
 * ```ts
 * import { tf } from "@mednext/kernels";
 * import { deepSupervisionLoss } from "@mednext/segment";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const labels: tf.Tensor4D = tf.zeros([1, 4, 4, 4], "int32");
 * const heads: tf.Tensor5D[] = [tf.zeros([1, 4, 4, 4, 2]), tf.zeros([1, 2, 2, 2, 2])];
 * const loss = deepSupervisionLoss(heads, labels, { diceWeight: 0 });
 * assertAlmostEquals(loss.dataSync()[0], Math.log(2), 1e-6);
 * ```
 *
 * @param heads Logits `[N, D, H, W, classes]`, full resolution first.
 * @param labels `[N, D, H, W]` at full resolution.
 * @param options Factors of the heads and settings of the loss.
 * @returns One value; differentiable for the heads.
 * @throws {RangeError} If there is no head, the weights are not one per head, or all are zero.
 */
export function deepSupervisionLoss(
  heads: readonly tf.Tensor5D[],
  labels: tf.Tensor4D,
  options: DeepSupervisionLossOptions = {},
): tf.Scalar {
  const { dropLast, weights = deepSupervisionWeights(heads.length, { dropLast }), ...lossOptions } =
    options;
  if (weights.length !== heads.length) {
    throw new RangeError(
      `Cannot weight heads as there must be one weight for each: there are ${heads.length} heads and ${weights.length} weights`,
    );
  }
  if (weights.every((weight) => weight === 0)) {
    throw new RangeError("Cannot weight heads as one of the weights must not be zero: all are");
  }
  return tf.tidy(() => {
    const losses = heads.flatMap((head, index) => {
      if (weights[index] === 0) return [];
      const size = head.shape.slice(1, 4) as [number, number, number];
      const loss = diceCrossEntropyLoss(head, downsampleLabels(labels, size), lossOptions);
      return [tf.mul(loss, weights[index])];
    });
    return tf.addN(losses) as tf.Scalar;
  });
}
