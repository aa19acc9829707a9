import type { LabelAttrs, RegionAttrs } from "../../kernel_types.ts";
import { tf } from "../../tf.ts";
import type { TensorFlowKernel } from "./tensorflow_kernel.ts";

/** The sums that cross-entropy and soft Dice are made of. Labels of K or more are in no class: finding one would wait. */
export const segmentationSums: TensorFlowKernel<"SegmentationSums"> = (
  { logits, labels },
  attrs,
) => {
  const { x, truth, counted } = flatten(logits, labels, attrs);
  const logP = tf.logSoftmax(x);
  return stackSums(truth, tf.mul(tf.exp(logP), counted), tf.neg(tf.mul(logP, truth)));
};

/** The derivative of the softmax, p (t - Σ p t) with t that of the probabilities, and of the cross-entropy, p - label. */
export const segmentationSumsGrad: TensorFlowKernel<"SegmentationSumsGrad"> = (
  { logits, labels, dy },
  attrs,
) => {
  const { x, truth, counted } = flatten(logits, labels, attrs);
  const [inside, everywhere, , entropy] = tf.split(dy, 4, 1);
  const p = tf.softmax(x);
  const slope = tf.add(everywhere, tf.mul(truth, inside));
  const mean = tf.sum(tf.mul(p, slope), 2, true);
  const weight = tf.sum(tf.mul(truth, entropy), 2, true);
  const dx = tf.add(tf.mul(p, tf.sub(slope, mean)), tf.mul(weight, tf.sub(p, truth)));
  return tf.reshape(tf.mul(dx, counted), logits.shape);
};

/** The sums that binary cross-entropy and soft Dice of regions are made of. */
export const regionSums: TensorFlowKernel<"RegionSums"> = ({ logits, labels }, attrs) => {
  const { x, truth, counted } = flattenRegions(logits, labels, attrs);
  // log(1 + e^-|x|) loses nothing where e^-|x| is small.
  const tail = tf.log1p(tf.exp(tf.neg(tf.abs(x))));
  const entropy = tf.add(tf.sub(tf.relu(x), tf.mul(x, truth)), tail);
  return stackSums(truth, tf.mul(tf.sigmoid(x), counted), tf.mul(entropy, counted));
};

/** The derivative of the sigmoid, p (1 - p), and of the cross-entropy, p - 1 inside of the region and p outside. */
export const regionSumsGrad: TensorFlowKernel<"RegionSumsGrad"> = (
  { logits, labels, dy },
  attrs,
) => {
  const { x, truth, counted } = flattenRegions(logits, labels, attrs);
  const [inside, everywhere, , entropy] = tf.split(dy, 4, 1);
  const p = tf.sigmoid(x);
  const slope = tf.add(everywhere, tf.mul(truth, inside));
  const dx = tf.add(tf.mul(slope, tf.mul(p, tf.sub(1, p))), tf.mul(entropy, tf.sub(p, truth)));
  return tf.reshape(tf.mul(dx, counted), logits.shape);
};

/** Σ p of the truth, Σ p, Σ of the truth, Σ of the entropy: `[N, 4, K]`. */
function stackSums(truth: tf.Tensor, p: tf.Tensor, entropy: tf.Tensor): tf.Tensor {
  const sums = [tf.mul(p, truth), p, truth, entropy].map((values) => tf.sum(values, 1));
  return tf.stack(sums, 1);
}

interface Voxels {
  /** Logits, `[N, V, K]`. */
  x: tf.Tensor;
  /** 1 for the class of the voxel, or for each region that it is in; `[N, V, K]`. */
  truth: tf.Tensor;
  /** 0 for ignored voxels; `[N, V, 1]`. */
  counted: tf.Tensor;
}

function flatten(logits: tf.Tensor, labels: tf.Tensor, attrs: LabelAttrs): Voxels {
  const { x, label, counted } = voxels(logits, labels, attrs);
  const classes = logits.shape.at(-1)!;
  const truth = tf.oneHot(tf.maximum(label, tf.scalar(0, "int32")), classes, 1, 0, "float32");
  return { x, truth: tf.mul(truth, counted), counted };
}

function flattenRegions(logits: tf.Tensor, labels: tf.Tensor, attrs: RegionAttrs): Voxels {
  const { x, label, counted } = voxels(logits, labels, attrs);
  const { regions } = attrs;
  // One row for each label that is in a region, and one before and one behind for those that are in none.
  const last = 1 + regions.flat().reduce((most, value) => Math.max(most, value), -1);
  const table = new Float32Array((last + 2) * regions.length);
  regions.forEach((region, r) => {
    for (const value of region) table[(value + 1) * regions.length + r] = 1;
  });
  const row = tf.add(tf.clipByValue(label, -1, last), tf.scalar(1, "int32"));
  const truth = tf.gather(tf.tensor2d(table, [last + 2, regions.length]), row as tf.Tensor2D);
  return { x, truth: tf.mul(truth, counted), counted };
}

function voxels(logits: tf.Tensor, labels: tf.Tensor, { ignored }: LabelAttrs) {
  const [batch, classes] = [logits.shape[0], logits.shape.at(-1)!];
  const x = tf.reshape(logits, [batch, -1, classes]);
  const label = tf.reshape(tf.cast(labels, "int32"), [batch, -1]);
  const isCounted = ignored === undefined
    ? tf.onesLike(label)
    : tf.notEqual(label, tf.scalar(ignored, "int32"));
  return { x, label, counted: tf.expandDims(tf.cast(isCounted, "float32"), 2) };
}
