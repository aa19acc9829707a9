/**
 * The loss behind the public ones: a weighted sum of cross-entropy and soft Dice. Both are made of a few sums per
 * class or region, which one kernel gives in one pass over the logits, and whose gradient is one more pass.
 */
import { regionSums, segmentationSums, tf } from "@mednext/kernels";

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
  /** The class of voxels that do not count. */
  ignoreClass?: number;
  /** The classes of each region, if the network looks for regions. */
  regions?: readonly (readonly number[])[];
}

/** The least denominator of the Dice fraction. */
const LEAST_DENOMINATOR = 1e-8;

/** The weighted sum of both losses; logits `[N, D, H, W, K]`, labels `[N, D, H, W]`. */
export function segmentationLoss(
  logits: tf.Tensor,
  labels: tf.Tensor,
  terms: SegmentationLossTerms,
): tf.Scalar {
  checkShapes(logits, labels, terms);
  const { crossEntropyWeight, diceWeight } = terms;
  return tf.tidy(() => {
    const sums = sumsOf(logits, labels, terms); //                                         [N, 4, K]
    const parts: tf.Tensor[] = [];
    if (diceWeight !== 0) parts.push(tf.mul(meanDice(sums, terms), -diceWeight));
    // Without a factor there is still a loss, of zero, with a gradient.
    if (crossEntropyWeight !== 0 || diceWeight === 0) {
      parts.push(tf.mul(meanEntropy(sums, labels, terms), crossEntropyWeight));
    }
    return tf.addN(parts) as tf.Scalar;
  });
}

function sumsOf(
  logits: tf.Tensor,
  labels: tf.Tensor,
  { ignoreClass: ignored, regions }: SegmentationLossTerms,
): tf.Tensor3D {
  return regions === undefined
    ? segmentationSums(logits, labels, { ignored })
    : regionSums(logits, labels, { regions, ignored });
}

/**
 * Over the voxels that count. That of regions is a mean over the regions as well, unless a class is ignored: then
 * nnU-Net adds them up.
 */
function meanEntropy(
  sums: tf.Tensor3D,
  labels: tf.Tensor,
  { ignoreClass, regions }: SegmentationLossTerms,
): tf.Tensor {
  const entropy = tf.sum(tf.slice(sums, [0, 3], [-1, 1]));
  if (ignoreClass === undefined) return tf.mul(entropy, 1 / labels.size / (regions?.length ?? 1));
  const annotated = tf.sum(tf.cast(tf.notEqual(labels, ignoreClass), "float32"));
  return tf.div(entropy, tf.maximum(annotated, 1));
}

/** Over the regions, or the classes but the background, and, without `batchDice`, the images. */
function meanDice(
  sums: tf.Tensor3D,
  { batchDice, smooth, regions }: SegmentationLossTerms,
): tf.Tensor {
  const groups = batchDice ? tf.sum(sums, 0, true) : sums;
  const first = regions === undefined ? 1 : 0;
  const foreground = tf.slice(groups, [0, 0, first], [-1, 3, -1]) as tf.Tensor3D;
  const [intersection, probabilities, voxels] = tf.split(foreground, 3, 1);
  const numerator = tf.add(tf.mul(intersection, 2), smooth);
  const total = tf.add(tf.add(probabilities, voxels), smooth);
  return tf.mean(tf.div(numerator, tf.maximum(total, LEAST_DENOMINATOR)));
}

function checkShapes(
  logits: tf.Tensor,
  labels: tf.Tensor,
  { regions }: SegmentationLossTerms,
): void {
  const expected = logits.shape.slice(0, -1).join(", ");
  if (logits.rank !== 5 || labels.shape.join(", ") !== expected) {
    throw new RangeError(
      `Cannot take a loss as logits must be [N, D, H, W, classes] and labels [N, D, H, W]: logits are [${
        logits.shape.join(", ")
      }], labels [${labels.shape.join(", ")}]`,
    );
  }
  if (regions === undefined && logits.shape[4]! < 2) {
    throw new RangeError(
      `Cannot take a loss as there must be at least 2 classes, background and one more: found ${
        logits.shape[4]
      }`,
    );
  }
}
