import { runKernelWithOutputs } from "../run_kernel.ts";
import { tf } from "../tf.ts";
import { checkNotNegative, checkRank, checkShape, checkVolume, show } from "./check.ts";

/** The weights of an inverted bottleneck with C channels in, R inside and C' out. */
export interface InvertedBottleneckWeights {
  /** Factor and offset of the normalisation, `[C]` each. */
  norm: { gamma: tf.Tensor; beta: tf.Tensor };
  /** Expansion: `[C, R]` and `[R]`. */
  expand: { filter: tf.Tensor; bias: tf.Tensor };
  /** Compression: `[R, C']` and `[C']`. */
  compress: { filter: tf.Tensor; bias: tf.Tensor };
}

/** Options of {@linkcode invertedBottleneck}. */
export interface InvertedBottleneckOptions {
  /**
   * `group`: each channel over its voxels, as `groupNorm`. `layer`: each voxel over its channels, as `layerNorm`.
   * @default {"group"}
   */
  norm?: "group" | "layer";
  /**
   * Added to the variance.
   * @default {1e-5}
   */
  epsilon?: number;
  /**
   * `[N, D, H, W, C']`, added to the output.
   * @default {undefined}
   */
  residual?: tf.Tensor;
}

/**
 * Normalise, expand, GELU, compress, add: what follows the depthwise convolution in every block of MedNeXt
 * (arXiv 2303.09975, figure 1), in one kernel. The expanded activations, two to eight times as large as x, are never in
 * memory as a whole, and the backward pass computes them again.
 *
 * @example Two channels, expanded to four
 * ```ts
 * import { invertedBottleneck, tf } from "@mednext/kernels";
 * import { assertEquals } from "@std/assert";
 *
 * const x = tf.randomNormal([1, 4, 4, 4, 2]);
 * const weights = {
 *   norm: { gamma: tf.ones([2]), beta: tf.zeros([2]) },
 *   expand: { filter: tf.ones([2, 4]), bias: tf.zeros([4]) },
 *   compress: { filter: tf.zeros([4, 2]), bias: tf.ones([2]) },
 * };
 * const y = invertedBottleneck(x, weights, { residual: x });
 * assertEquals(y.dataSync(), tf.add(x, 1).dataSync());
 * ```
 *
 * @param x `[N, D, H, W, C]`, float32.
 * @param weights The weights.
 * @param options How to normalise, and what to add.
 * @returns `[N, D, H, W, C']`.
 * @throws {TypeError} If a tensor is not float32.
 * @throws {RangeError} If shapes do not fit or epsilon is negative.
 */
export function invertedBottleneck(
  x: tf.Tensor,
  weights: InvertedBottleneckWeights,
  options: InvertedBottleneckOptions = {},
): tf.Tensor5D {
  const { norm = "group", epsilon = 1e-5, residual } = options;
  checkArguments(x, weights, { epsilon, residual });
  const inputs = {
    ...{ x, gamma: weights.norm.gamma, beta: weights.norm.beta },
    ...{ expand: weights.expand.filter, expandBias: weights.expand.bias },
    ...{ compress: weights.compress.filter, compressBias: weights.compress.bias },
    ...(residual && { residual }),
  };
  // The statistics live on only where a tape saved them for the gradient.
  return tf.tidy(() =>
    runKernelWithOutputs("InvertedBottleneck", inputs, { norm, epsilon })[0] as tf.Tensor5D
  );
}

function checkArguments(
  x: tf.Tensor,
  { norm, expand, compress }: InvertedBottleneckWeights,
  { epsilon, residual }: { epsilon: number; residual?: tf.Tensor },
): void {
  const op = "invertedBottleneck";
  const shape = checkVolume(op, x);
  const channels = shape[4];
  const ofX = { shape: [channels], because: `x is ${show(shape)}` };
  checkShape(op, "gamma", norm.gamma, ofX);
  checkShape(op, "beta", norm.beta, ofX);
  const expanded = checkRank(op, "the expansion's filter", expand.filter, ["C", "R"])[1];
  const because = `the expansion's filter is ${show(expand.filter.shape)}`;
  const matrix = { shape: [channels, expanded], because: ofX.because };
  checkShape(op, "the expansion's filter", expand.filter, matrix);
  checkShape(op, "the expansion's bias", expand.bias, { shape: [expanded], because });
  const outputs = checkRank(op, "the compression's filter", compress.filter, ["R", "C'"])[1];
  const second = { shape: [expanded, outputs], because };
  checkShape(op, "the compression's filter", compress.filter, second);
  checkShape(op, "the compression's bias", compress.bias, {
    shape: [outputs],
    because: `the compression's filter is ${show(compress.filter.shape)}`,
  });
  if (residual) {
    const sum = { shape: [...shape.slice(0, 4), outputs], because: "the output is" };
    checkShape(op, "residual", residual, sum);
  }
  checkNotNegative(op, "epsilon", epsilon);
}
