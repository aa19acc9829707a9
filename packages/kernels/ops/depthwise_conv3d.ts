import { convSize, spatialSize } from "../output_size.ts";
import { runKernel } from "../run_kernel.ts";
import type { tf } from "../tf.ts";
import type { Triple } from "../triple.ts";
import { checkOutput } from "./check.ts";
import { depthwiseGeometry } from "./depthwise_geometry.ts";

/** Options of {@linkcode depthwiseConv3d}. */
export interface DepthwiseConv3dOptions {
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
   * Zero voxels before and after each axis, 0 to k - 1, for all axes or for D, H and W.
   * @default {k >> 1 on each axis}
   */
  padding?: number | Triple;
}

/**
 * Three-dimensional depthwise convolution: each channel with a filter of its own. It is PyTorch's
 * `conv3d` with `groups = C` (a cross-correlation: the filter is not flipped).
 *
 * @example Half the size of a volume
 * ```ts
 * import { depthwiseConv3d, tf } from "@mednext/kernels";
 * import { assertEquals } from "@std/assert";
 *
 * const x = tf.ones([1, 8, 8, 6, 4]);
 * const filter = tf.ones([3, 3, 3, 4]);
 * const y = depthwiseConv3d(x, filter, { strides: 2 });
 * assertEquals(y.shape, [1, 4, 4, 3, 4]);
 * assertEquals(y.dataSync()[0], 8); // 2·2·2 voxels lie under the filter in the corner
 * ```
 *
 * @param x `[N, D, H, W, C]`, float32.
 * @param filter `[kD, kH, kW, C]`; the sizes are odd, 1 to 7, and may differ.
 * @param options Bias, strides and padding.
 * @returns `[N, oD, oH, oW, C]` with o = floor((n + 2·padding - k) / stride) + 1.
 * @throws {TypeError} If a tensor is not float32.
 * @throws {RangeError} If shapes, strides or padding do not fit.
 */
export function depthwiseConv3d(
  x: tf.Tensor,
  filter: tf.Tensor,
  options: DepthwiseConv3dOptions = {},
): tf.Tensor5D {
  const { bias, strides: stride = 1, padding: pad } = options;
  const op = "depthwiseConv3d";
  const window = depthwiseGeometry(op, { x, filter, bias, strides: stride, padding: pad });
  checkOutput(op, convSize(spatialSize(x.shape), window), x);
  const { strides, padding } = window;
  const inputs = { x, filter, ...(bias && { bias }) };
  return runKernel("DepthwiseConv3d", inputs, { strides, padding }) as tf.Tensor5D;
}
