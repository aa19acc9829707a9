import type { tf } from "../tf.ts";
import { normalize } from "./normalization.ts";

/** Options of {@linkcode layerNorm}. */
export interface LayerNormOptions {
  /**
   * Added to the variance.
   * @default {1e-5}
   */
  epsilon?: number;
}

/**
 * Layer normalisation over the channels of each voxel: mean 0 and (biased) variance 1 over C, then
 * scaled and shifted.
 *
 * @example Two channels of one voxel
 * ```ts
 * import { layerNorm, tf } from "@mednext/kernels";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const x = tf.tensor([4, 6], [1, 1, 1, 1, 2]);
 * const y = layerNorm(x, tf.ones([2]), tf.zeros([2])).dataSync();
 * assertAlmostEquals(y[0], -1, 1e-4);
 * assertAlmostEquals(y[1], 1, 1e-4);
 * ```
 *
 * @param x `[N, D, H, W, C]`, float32.
 * @param gamma `[C]`, the scale.
 * @param beta `[C]`, the shift.
 * @param options Epsilon.
 * @returns A tensor of the shape of x.
 * @throws {TypeError} If a tensor is not float32.
 * @throws {RangeError} If shapes do not fit or epsilon is negative.
 */
export function layerNorm(
  x: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  options: LayerNormOptions = {},
): tf.Tensor5D {
  const { epsilon = 1e-5 } = options;
  return normalize("layerNorm", "LayerNorm", { x, gamma, beta, epsilon });
}
