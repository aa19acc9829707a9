import { convTransposeSize, spatialSize } from "../output_size.ts";
import { runKernel } from "../run_kernel.ts";
import type { tf } from "../tf.ts";
import type { Triple } from "../triple.ts";
import { checkOutput } from "./check.ts";
import { depthwiseGeometry } from "./depthwise_geometry.ts";

/** Options of {@linkcode depthwiseConv3dTranspose}. */
export interface DepthwiseConv3dTransposeOptions {
  /**
   * `[C]`, added to every output voxel.
   * @default {undefined}
   */
  bias?: tf.Tensor;
  /**
   * 1 or 2, for all axes or for D, H and W.
   * @default {1}
   */
  strides?: number | Triple;
  /**
   * Voxels cut from both ends of each axis, 0 to k - 1, for all axes or for D, H and W.
   * @default {k >> 1 on each axis}
   */
  padding?: number | Triple;
}

/**
 * Three-dimensional depthwise transposed convolution: the adjoint of `depthwiseConv3d` with the same
 * filter, strides and padding. It is PyTorch's `conv_transpose3d` with `groups = C` and no output
 * padding.
 *
 * @example From n to 2n - 1 voxels
 * ```ts
 * import { depthwiseConv3dTranspose, tf } from "@mednext/kernels";
 * import { assertEquals } from "@std/assert";
 *
 * const x = tf.ones([1, 4, 4, 3, 2]);
 * const filter = tf.ones([3, 3, 3, 2]);
 * const y = depthwiseConv3dTranspose(x, filter, { strides: 2 });
 * assertEquals(y.shape, [1, 7, 7, 5, 2]);
 * ```
 *
 * @param x `[N, D, H, W, C]`, float32.
 * @param filter `[kD, kH, kW, C]`; the sizes are odd, 1 to 7, and may differ.
 * @param options Bias, strides and padding.
 * @returns `[N, oD, oH, oW, C]` with o = (n - 1)·stride - 2·padding + k.
 * @throws {TypeError} If a tensor is not float32.
 * @throws {RangeError} If shapes, strides or padding do not fit.
 */
export function depthwiseConv3dTranspose(
  x: tf.Tensor,
  filter: tf.Tensor,
  options: DepthwiseConv3dTransposeOptions = {},
): tf.Tensor5D {
  const { bias, strides: stride = 1, padding: pad } = options;
  const op = "depthwiseConv3dTranspose";
  const window = depthwiseGeometry(op, { x, filter, bias, strides: stride, padding: pad });
  const size = convTransposeSize(spatialSize(x.shape), window);
  checkOutput(op, size, x);
  const { strides, padding } = window;
  const inputShape = [x.shape[0], ...size, x.shape[4]!];
  return runKernel("DepthwiseConv3dBackpropInput", { dy: x, filter, ...(bias && { bias }) }, {
    strides,
    padding,
    inputShape,
  }) as tf.Tensor5D;
}
