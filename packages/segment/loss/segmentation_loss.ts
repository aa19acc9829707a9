/**
 * The loss behind the three public ones: a weighted sum of cross-entropy and soft Dice. Both are made of a few sums per
 * class, which one kernel gives in one pass over the logits, and whose gradient is one more pass.
 */
import { segmentationSums, tf } from "@mednext/kernels";

/** What {@linkcode segmentationLoss} adds up. */
export interface SegmentationLossTerms {
  /** Factor of the cross-entropy; 0 leaves it out. */
  crossEntropyWeight: number;
  /** Factor of the Dice term; 0 leaves it out. */
  diceWeight: number;
  /** Whether the Dice of a class is taken over the whole batch at once. */
  batchDice: boolean;
  /** What is added above and below the fraction. */
  smooth: number;
}

/** The least denominator of the Dice fraction. */
const LEAST_DENOMINATOR = 1e-8;

/** The weighted sum of both losses; logits `[N, D, H, W, C]`, labels `[N, D, H, W]`. */
export function segmentationLoss(
  logits: tf.Tensor,
  labels: tf.Tensor,
  terms: SegmentationLossTerms,
): tf.Scalar {
  checkShapes(logits, labels);
  const { crossEntropyWeight, diceWeight } = terms;
  return tf.tidy(() => {
    const sums = segmentationSums(logits, labels); //                                      [N, 4, K]
    const parts: tf.Tensor[] = [];
    if (diceWeight !== 0) parts.push(tf.mul(meanDice(sums, terms), -diceWeight));
    // Without a factor there is still a loss, of zero, with a gradient.
    if (crossEntropyWeight !== 0 || diceWeight === 0) {
      const entropy = tf.sum(tf.slice(sums, [0, 3], [-1, 1]));
      parts.push(tf.mul(entropy, crossEntropyWeight / labels.size));
    }
    return tf.addN(parts) as tf.Scalar;
  });
}

/** Over the foreground classes and, without `batchDice`, the images. */
function meanDice(sums: tf.Tensor3D, { batchDice, smooth }: SegmentationLossTerms): tf.Tensor {
  const groups = batchDice ? tf.sum(sums, 0, true) : sums;
  const foreground = tf.slice(groups, [0, 0, 1], [-1, 3, -1]) as tf.Tensor3D;
  const [intersection, probabilities, voxels] = tf.split(foreground, 3, 1);
  const numerator = tf.add(tf.mul(intersection, 2), smooth);
  const total = tf.add(tf.add(probabilities, voxels), smooth);
  return tf.mean(tf.div(numerator, tf.maximum(total, LEAST_DENOMINATOR)));
}

function checkShapes(logits: tf.Tensor, labels: tf.Tensor): void {
  const expected = logits.shape.slice(0, -1).join(", ");
  if (logits.rank !== 5 || labels.shape.join(", ") !== expected) {
    throw new RangeError(
      `Cannot take a loss as logits must be [N, D, H, W, classes] and labels [N, D, H, W]: logits are [${
        logits.shape.join(", ")
      }], labels [${labels.shape.join(", ")}]`,
    );
  }
  if (logits.shape[4]! < 2) {
    throw new RangeError(
      `Cannot take a loss as there must be at least 2 classes, background and one more: found ${
        logits.shape[4]
      }`,
    );
  }
}
