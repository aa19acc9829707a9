import type { tf } from "../tf.ts";
import { normalize } from "./normalization.ts";

/** Options of {@linkcode globalResponseNorm}. */
export interface GlobalResponseNormOptions {
  /**
   * Added to the mean norm.
   * @default {1e-6}
   */
  epsilon?: number;
}

/**
 * Global response normalisation: gamma·(x·n) + beta + x, where n is ‖x‖₂ of a channel over D, H and W
 * divided by its mean over the channels (ConvNeXt V2, arXiv 2301.00808, section 3).
 *
 * @example A channel that stands out is raised
 * ```ts
 * import { globalResponseNorm, tf } from "@mednext/kernels";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const x = tf.tensor([3, 1], [1, 1, 1, 1, 2]); // the mean norm is 2
 * const y = globalResponseNorm(x, tf.ones([2]), tf.zeros([2])).dataSync();
 * assertAlmostEquals(y[0], 3 * 1.5 + 3, 1e-4);
 * assertAlmostEquals(y[1], 1 * 0.5 + 1, 1e-4);
 * ```
 *
 * @param x `[N, D, H, W, C]`, float32.
 * @param gamma `[C]`, the scale of the normalised part.
 * @param beta `[C]`, the shift.
 * @param options Epsilon.
 * @returns A tensor of the shape of x.
 * @throws {TypeError} If a tensor is not float32.
 * @throws {RangeError} If shapes do not fit or epsilon is negative.
 */
export function globalResponseNorm(
  x: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  options: GlobalResponseNormOptions = {},
): tf.Tensor5D {
  const { epsilon = 1e-6 } = options;
  return normalize("globalResponseNorm", "GlobalResponseNorm", { x, gamma, beta, epsilon });
}
