import { tf } from "../../tf.ts";
import type { TensorFlowKernel } from "./tensorflow_kernel.ts";

/** The axes that a normalisation takes its statistics over. */
const SPACE = [1, 2, 3];
const CHANNELS = [4];

type Norm = "GroupNorm" | "LayerNorm";

const normalize = (axes: number[]): TensorFlowKernel<Norm> => ({ x, gamma, beta }, { epsilon }) => {
  const mean = tf.mean(x, axes, true);
  const centered = tf.sub(x, mean);
  const variance = tf.mean(tf.square(centered), axes, true);
  const reciprocalStd = tf.rsqrt(tf.add(variance, epsilon));
  const y = tf.add(tf.mul(tf.mul(centered, reciprocalStd), gamma), beta);
  return [y, tf.squeeze(mean, axes), tf.squeeze(reciprocalStd, axes)];
};

/** dx = reciprocalStd·(g - mean(g) - x̂·mean(g·x̂)) with g = gamma·dy and x̂ the normalised x. */
const normalizeGrad = (axes: number[]): TensorFlowKernel<`${Norm}Grad`> =>
(
  { x, dy, gamma, mean, reciprocalStd },
) => {
  const kept = x.shape.map((size, axis) => axes.includes(axis) ? 1 : size);
  const scale = tf.reshape(reciprocalStd, kept);
  const normalized = tf.mul(tf.sub(x, tf.reshape(mean, kept)), scale);
  const product = tf.mul(dy, normalized);
  const g = tf.mul(dy, gamma);
  const means = tf.add(
    tf.mean(g, axes, true),
    tf.mul(normalized, tf.mean(tf.mul(product, gamma), axes, true)),
  );
  const outer = [0, 1, 2, 3];
  return [tf.mul(scale, tf.sub(g, means)), tf.sum(product, outer), tf.sum(dy, outer)];
};

/** Each channel over its voxels. */
export const groupNorm: TensorFlowKernel<"GroupNorm"> = normalize(SPACE);
/** Its gradient. */
export const groupNormGrad: TensorFlowKernel<"GroupNormGrad"> = normalizeGrad(SPACE);
/** Each voxel over its channels. */
export const layerNorm: TensorFlowKernel<"LayerNorm"> = normalize(CHANNELS);
/** Its gradient. */
export const layerNormGrad: TensorFlowKernel<"LayerNormGrad"> = normalizeGrad(CHANNELS);

/** gamma·(x·n) + beta + x, n the norm of a channel over the mean norm of the channels. */
export const globalResponseNorm: TensorFlowKernel<"GlobalResponseNorm"> = (
  { x, gamma, beta },
  { epsilon },
) => {
  const norm = tf.sqrt(tf.sum(tf.square(x), SPACE, true));
  const relative = tf.div(norm, tf.add(tf.mean(norm, CHANNELS, true), epsilon));
  const y = tf.add(tf.mul(x, tf.add(tf.mul(gamma, relative), 1)), beta);
  return [y, tf.squeeze(norm, SPACE)];
};

/** With n = G/(M + e): dG = A/(M + e) - mean(A·G)/(M + e)², A = gamma·Σ dy·x; and ∂G/∂x = x/G. */
export const globalResponseNormGrad: TensorFlowKernel<"GlobalResponseNormGrad"> = (
  { x, dy, gamma, norm },
  { epsilon },
) => {
  const [batch, channels] = norm.shape;
  const norms = tf.reshape(norm, [batch, 1, 1, 1, channels]);
  const scale = tf.reciprocal(tf.add(tf.mean(norms, CHANNELS, true), epsilon));
  const products = tf.sum(tf.mul(dy, x), SPACE, true);
  const relative = tf.mul(norms, scale);
  const a = tf.mul(gamma, products);
  const coupling = tf.mul(tf.mean(tf.mul(a, relative), CHANNELS, true), scale);
  const dnorm = tf.sub(tf.mul(a, scale), coupling);
  // Where a channel is zero everywhere the norm has no derivative: 0 is taken.
  const through = tf.mul(x, tf.divNoNan(dnorm, norms));
  const dx = tf.add(tf.mul(dy, tf.add(tf.mul(gamma, relative), 1)), through);
  return [dx, tf.sum(tf.mul(products, relative), [0, 1, 2, 3]), tf.sum(dy, [0, 1, 2, 3])];
};
