/**
 * The inside of a ConvNeXt block.
 * @module
 */
import {
  gelu,
  globalResponseNorm,
  groupNorm,
  layerNorm,
  pointwiseConv3d,
  type tf,
} from "@mednext/kernels";

/** The weights of an inverted bottleneck with C channels in, R inside and C' out. */
export interface InvertedBottleneckWeights {
  /** Factor and offset of the normalisation, `[C]` each. */
  norm: { gamma: tf.Tensor1D; beta: tf.Tensor1D };
  /** Expansion: `[C, R]` and `[R]`. */
  expand: { filter: tf.Tensor2D; bias: tf.Tensor1D };
  /** Global response normalisation, `[R]` each; left out where there is none. */
  response?: { gamma: tf.Tensor1D; beta: tf.Tensor1D };
  /** Compression: `[R, C']` and `[C']`. */
  compress: { filter: tf.Tensor2D; bias: tf.Tensor1D };
}

/** The settings of an inverted bottleneck. */
export interface InvertedBottleneckOptions {
  /**
   * `group`: each channel over its voxels. `layer`: each voxel over its channels.
   * @default {"group"}
   */
  norm?: "group" | "layer";
}

/**
 * Normalise, expand, GELU, perhaps global response normalisation, compress: what follows the depthwise
 * convolution in every MedNeXt block (arXiv 2303.09975, figure 1).
 *
 * @example
 * ```ts
 * import { invertedBottleneck } from "@mednext/layers";
 * import { tf } from "@mednext/kernels";
 * import { assertEquals } from "@std/assert";
 *
 * const y = invertedBottleneck(tf.ones([1, 2, 2, 2, 4]), {
 *   norm: { gamma: tf.ones([4]), beta: tf.zeros([4]) },
 *   expand: { filter: tf.ones([4, 8]), bias: tf.zeros([8]) },
 *   compress: { filter: tf.ones([8, 3]), bias: tf.zeros([3]) },
 * });
 * assertEquals(y.shape, [1, 2, 2, 2, 3]);
 * ```
 * @param x `[N, D, H, W, C]`.
 * @param weights The weights.
 * @param options Which normalisation.
 * @returns `[N, D, H, W, C']`.
 */
export function invertedBottleneck(
  x: tf.Tensor5D,
  weights: InvertedBottleneckWeights,
  options: InvertedBottleneckOptions = {},
): tf.Tensor5D {
  const { norm, expand, response, compress } = weights;
  const normalize = options.norm === "layer" ? layerNorm : groupNorm;
  const normalized = normalize(x, norm.gamma, norm.beta); //                            [N, D, H, W, C]
  let inside = pointwiseConv3d(normalized, expand.filter, { bias: expand.bias }); //    [N, D, H, W, R]
  inside = gelu(inside);
  if (response) inside = globalResponseNorm(inside, response.gamma, response.beta);
  return pointwiseConv3d(inside, compress.filter, { bias: compress.bias }); //          [N, D, H, W, C']
}
