/**
 * The inside of a ConvNeXt block.
 * @module
 */
import {
  gelu,
  globalResponseNorm,
  groupNorm,
  invertedBottleneck as withoutResponse,
  type InvertedBottleneckWeights as Weights,
  layerNorm,
  pointwiseConv3d,
  tf,
} from "@mednext/kernels";

/** The weights of an inverted bottleneck with C channels in, R inside and C' out. */
export interface InvertedBottleneckWeights extends Weights {
  /** Global response normalisation, `[R]` each; left out where there is none. */
  response?: { gamma: tf.Tensor; beta: tf.Tensor };
}

/** The settings of an inverted bottleneck. */
export interface InvertedBottleneckOptions {
  /**
   * `group`: each channel over its voxels. `layer`: each voxel over its channels.
   * @default {"group"}
   */
  norm?: "group" | "layer";
  /**
   * `[N, D, H, W, C']`, added to the output.
   * @default {undefined}
   */
  residual?: tf.Tensor5D;
  /**
   * Whether x is disposed as soon as it is not needed any more. With a response the expanded activations are the
   * largest tensors of a network, and x should be gone by then. Gradients keep their own references.
   * @default {false}
   */
  disposeInput?: boolean;
}

/**
 * Normalise, expand, GELU, perhaps global response normalisation, compress, perhaps add: what follows the depthwise
 * convolution in every MedNeXt block (arXiv 2303.09975, figure 1). Without a response it is one kernel, which never
 * keeps the expanded activations.
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
 * @param options Which normalisation, what is added, and whether x is freed.
 * @returns `[N, D, H, W, C']`.
 */
export function invertedBottleneck(
  x: tf.Tensor5D,
  weights: InvertedBottleneckWeights,
  options: InvertedBottleneckOptions = {},
): tf.Tensor5D {
  const { norm = "group", residual, disposeInput = false } = options;
  const { response } = weights;
  if (response === undefined) {
    const y = withoutResponse(x, weights, { norm, residual });
    if (disposeInput) x.dispose();
    return y;
  }
  const { gamma, beta } = weights.norm;
  const normalized = norm === "layer" ? layerNorm(x, gamma, beta) : groupNorm(x, gamma, beta);
  if (disposeInput) x.dispose();
  const y = respond(normalized, { ...weights, response });
  return residual === undefined ? y : then(y, (t) => tf.add(residual, t));
}

/** The response of a channel needs all of its voxels, so here the whole volume is expanded. Frees x. */
function respond(x: tf.Tensor5D, weights: Required<InvertedBottleneckWeights>): tf.Tensor5D {
  const { expand, response, compress } = weights;
  const expanded = then(x, (t) => pointwiseConv3d(t, expand.filter, { bias: expand.bias }));
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
