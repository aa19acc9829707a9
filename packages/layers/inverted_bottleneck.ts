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
import { expandCompress } from "./expand_compress.ts";

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
  /**
   * Whether x is disposed as soon as it is normalised. The expanded activations are the largest tensors
   * of a network, so what is no longer needed should be gone by then. Gradients keep their own references.
   * @default {false}
   */
  disposeInput?: boolean;
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
 * @param options Which normalisation, and whether x is freed.
 * @returns `[N, D, H, W, C']`.
 */
export function invertedBottleneck(
  x: tf.Tensor5D,
  weights: InvertedBottleneckWeights,
  options: InvertedBottleneckOptions = {},
): tf.Tensor5D {
  const { norm, expand, response, compress } = weights;
  const normalize = options.norm === "layer" ? layerNorm : groupNorm;
  const normalized = normalize(x, norm.gamma, norm.beta); //                       [N, D, H, W, C]
  if (options.disposeInput) x.dispose();
  if (response === undefined) return then(normalized, (t) => expandCompress(t, weights));
  // The response of a channel needs all of its voxels, so here the whole volume is expanded.
  const expanded = then(
    normalized,
    (t) => pointwiseConv3d(t, expand.filter, { bias: expand.bias }),
  );
  const active = then(expanded, gelu); //                                          [N, D, H, W, R]
  const answer = then(active, (t) => globalResponseNorm(t, response.gamma, response.beta));
  return then(answer, (t) => pointwiseConv3d(t, compress.filter, { bias: compress.bias }));
}

/** Applies a function to a tensor that nothing else needs, and frees it. */
function then(x: tf.Tensor5D, f: (x: tf.Tensor5D) => tf.Tensor5D): tf.Tensor5D {
  const y = f(x);
  x.dispose();
  return y;
}
