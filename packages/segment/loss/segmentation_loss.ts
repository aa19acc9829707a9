/**
 * The loss behind the three public ones: a weighted sum of cross-entropy and soft Dice, with one softmax
 * and a gradient in closed form.
 *
 * Composed of stock operations the two losses would take some thirty passes over `[voxels, classes]`,
 * most of them broadcasts, transposes or axis sums, which plain backends run element by element. Here everything
 * is flat, sums over voxels and over classes are matrix products with ones, and the backward pass
 * needs the softmax and a few numbers per class.
 */
import { pointwiseConv3d, tf } from "@mednext/kernels";
import { sumOverVoxels } from "./sum_over_voxels.ts";

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
  const classes = logits.shape.at(-1)!;
  const groups = terms.batchDice ? 1 : logits.shape[0];
  const rows = labels.size / groups;
  const loss = tf.customGrad((input, save) => {
    const x = tf.reshape(input as tf.Tensor, [groups, rows, classes]);
    const target = labelIndices(labels, [groups, rows]);
    const probabilities = tf.softmax(x); //                                            [G, V, K]
    const expected = oneHot(target, classes); //                                       [G, V, K]
    const sums = diceSums(probabilities, expected, terms);
    let value = tf.scalar(0);
    if (terms.crossEntropyWeight !== 0) {
      const entropy = crossEntropy(x, probabilities, expected);
      value = tf.add(value, tf.mul(entropy, terms.crossEntropyWeight));
    }
    if (terms.diceWeight !== 0) {
      value = tf.sub(value, tf.mul(meanDice(sums), terms.diceWeight));
    }
    (save as (tensors: tf.Tensor[]) => void)([probabilities, target, ...sums]);
    const gradFunc = (upstream: tf.Tensor, saved: tf.Tensor[]) =>
      gradient(upstream, saved, terms).reshape(logits.shape);
    return { value, gradFunc };
  });
  return loss(logits) as tf.Scalar;
}

/** Per group and foreground class: [2 · intersection + smooth, denominator], each `[G, K - 1]`. */
function diceSums(
  probabilities: tf.Tensor,
  expected: tf.Tensor,
  { diceWeight, smooth }: SegmentationLossTerms,
): tf.Tensor[] {
  if (diceWeight === 0) return [];
  const foreground = (sums: tf.Tensor) => tf.slice(sums, [0, 1]);
  const intersection = foreground(sumOverVoxels(tf.mul(probabilities, expected)));
  const total = tf.add(
    foreground(sumOverVoxels(probabilities)),
    foreground(sumOverVoxels(expected)),
  );
  const numerator = tf.add(tf.mul(intersection, 2), smooth);
  return [numerator, tf.maximum(tf.add(total, smooth), LEAST_DENOMINATOR)];
}

function meanDice([numerator, denominator]: tf.Tensor[]): tf.Scalar {
  return tf.mean(tf.div(numerator, denominator));
}

/**
 * Mean over the voxels of log(sum(exp(x))) - x of the label.
 *
 * The largest probability is 1 / sum(exp(x - max)), so its logarithm never meets a zero; both parts are at
 * least zero, so that small losses keep their digits.
 */
function crossEntropy(x: tf.Tensor, probabilities: tf.Tensor, expected: tf.Tensor): tf.Scalar {
  const behind = tf.sub(tf.max(x, -1), tf.sum(tf.mul(x, expected), -1)); //              [G, V]
  const spread = tf.log(tf.max(probabilities, -1)); //                                   [G, V]
  return tf.mean(tf.sub(behind, spread));
}

/**
 * The gradient for the logits.
 *
 * With t = d(loss) / d(probability), which for Dice is one number per class plus another where the label is
 * that class, the softmax gives p · (t - sum(p · t)); the cross-entropy gives (p - y) / voxels.
 */
function gradient(
  upstream: tf.Tensor,
  [probabilities, target, ...sums]: tf.Tensor[],
  { crossEntropyWeight, diceWeight }: SegmentationLossTerms,
): tf.Tensor {
  const [groups, rows, classes] = probabilities.shape;
  const entropySlope = tf.mul(upstream, crossEntropyWeight / (groups * rows));
  const slopes = diceWeight === 0 ? [] : diceSlopes(upstream, sums, diceWeight);
  const results = Array.from({ length: groups }, (_, group) =>
    tf.tidy(() => {
      const shape = [1, 1, 1, rows, classes];
      const p = tf.reshape(tf.slice(probabilities, [group], [1]), shape);
      const y = tf.reshape(oneHot(tf.slice(target, [group], [1]), classes), shape);
      const ofGroup = slopes.map((part) => tf.reshape(tf.slice(part, [group], [1]), [classes]));
      const parts: tf.Tensor[] = [];
      if (crossEntropyWeight !== 0) parts.push(tf.mul(tf.sub(p, y), entropySlope));
      if (diceWeight !== 0) parts.push(diceGradient(p, y, ofGroup));
      return parts.length === 2 ? tf.add(parts[0], parts[1]) : parts[0] ?? tf.zerosLike(p);
    }));
  return groups === 1 ? results[0] : tf.concat(results, 0);
}

/** Of one group: what the Dice term wants of its logits. */
function diceGradient(p: tf.Tensor, y: tf.Tensor, [inside, everywhere]: tf.Tensor[]): tf.Tensor {
  const classes = p.shape.at(-1)!;
  // Numbers per class as a pointwise convolution: our backends do that fast, and broadcasts slowly.
  const slope = pointwiseConv3d(y, tf.diag(inside), { bias: everywhere });
  const weighted = tf.mul(p, slope);
  // Times ones, each voxel's sum arrives in all of its classes.
  const sum = pointwiseConv3d(weighted, tf.ones([classes, classes]));
  return tf.sub(weighted, tf.mul(p, sum));
}

/** d(-weight · mean Dice) / d(probability): where the label is the class, and everywhere; `[G, K]` each. */
function diceSlopes(
  upstream: tf.Tensor,
  [numerator, denominator]: tf.Tensor[],
  diceWeight: number,
): tf.Tensor[] {
  const scale = tf.mul(upstream, diceWeight / numerator.size);
  const inside = tf.div(tf.mul(scale, -2), denominator);
  // Below the least denominator the fraction does not depend on it; `smooth` keeps it from getting there.
  const free = tf.cast(tf.greater(denominator, LEAST_DENOMINATOR), "float32");
  const everywhere = tf.mul(
    free,
    tf.div(tf.mul(scale, numerator), tf.square(denominator)),
  );
  return [inside, everywhere].map((slopes) => tf.pad(slopes, [[0, 0], [1, 0]]));
}

/** Labels below zero mark voxels outside of the image and count as background, as in nnU-Net. */
function labelIndices(labels: tf.Tensor, shape: number[]): tf.Tensor {
  return tf.reshape(tf.maximum(tf.cast(labels, "int32"), tf.scalar(0, "int32")), shape);
}

function oneHot(target: tf.Tensor, classes: number): tf.Tensor {
  return tf.oneHot(target, classes, 1, 0, "float32");
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
