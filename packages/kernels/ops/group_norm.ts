import type { tf } from "../tf.ts";
import { normalize } from "./normalization.ts";

/** Options of {@linkcode groupNorm}. */
export interface GroupNormOptions {
  /**
   * Added to the variance.
   * @default {1e-5}
   */
  epsilon?: number;
}

/**
 * Group normalisation with one group per channel: each channel of each volume is brought to mean 0 and
 * (biased) variance 1 over D, H and W, then scaled and shifted. It is PyTorch's
 * `group_norm` with `num_groups = C`; MedNeXt normalises so (arXiv 2303.09975, section 2.1).
 *
 * @example Two values of one channel
 * ```ts
 * import { groupNorm, tf } from "@mednext/kernels";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const x = tf.tensor([4, 6], [1, 1, 1, 2, 1]);
 * const y = groupNorm(x, tf.ones([1]), tf.tensor1d([10])).dataSync();
 * assertAlmostEquals(y[0], 9, 1e-4);
 * assertAlmostEquals(y[1], 11, 1e-4);
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
export function groupNorm(
  x: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  options: GroupNormOptions = {},
): tf.Tensor5D {
  const { epsilon = 1e-5 } = options;
  return normalize("groupNorm", "GroupNorm", { x, gamma, beta, epsilon });
}
