import { runKernel } from "../run_kernel.ts";
import { tf } from "../tf.ts";
import type { Triple } from "../triple.ts";
import { pointwiseStrides } from "./pointwise_geometry.ts";

/** Options of {@linkcode pointwiseConv3d}. */
export interface PointwiseConv3dOptions {
  /**
   * `[Cout]`, added to every output voxel.
   * @default {undefined}
   */
  bias?: tf.Tensor;
  /**
   * 1 or 2, for all axes or for D, H and W: only every s-th voxel from 0 is used.
   * @default {1}
   */
  strides?: number | Triple;
}

/**
 * Pointwise (1×1×1) convolution: a matrix product over the channels of each voxel.
 *
 * @example Two channels to one
 * ```ts
 * import { pointwiseConv3d, tf } from "@mednext/kernels";
 * import { assertEquals } from "@std/assert";
 *
 * const x = tf.tensor([1, 2, 3, 4], [1, 1, 1, 2, 2]);
 * const filter = tf.tensor2d([[1], [10]]);
 * assertEquals(Array.from(pointwiseConv3d(x, filter).dataSync()), [21, 43]);
 * ```
 *
 * @param x `[N, D, H, W, Cin]`, float32.
 * @param filter `[Cin, Cout]`.
 * @param options Bias and strides.
 * @returns `[N, ceil(D / stride), ceil(H / stride), ceil(W / stride), Cout]`.
 * @throws {TypeError} If a tensor is not float32.
 * @throws {RangeError} If shapes or strides do not fit.
 */
export function pointwiseConv3d(
  x: tf.Tensor,
  filter: tf.Tensor,
  options: PointwiseConv3dOptions = {},
): tf.Tensor5D {
  const { bias, strides: stride = 1 } = options;
  const strides = pointwiseStrides("pointwiseConv3d", { x, filter, bias, strides: stride });
  return tf.tidy(() => {
    const strided = strides.some((s) => s > 1);
    const used = strided ? runKernel("Subsample3d", { x }, { strides }) : x;
    return runKernel("Pointwise", { x: used, filter, ...(bias && { bias }) }, {}) as tf.Tensor5D;
  });
}
