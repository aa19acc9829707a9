import { dilatedSize, spatialSize } from "../output_size.ts";
import { runKernel } from "../run_kernel.ts";
import { tf } from "../tf.ts";
import type { Triple } from "../triple.ts";
import { pointwiseStrides } from "./pointwise_geometry.ts";

/** Options of {@linkcode pointwiseConv3dTranspose}. */
export interface PointwiseConv3dTransposeOptions {
  /**
   * `[Cout]`, added to every output voxel, also to those between.
   * @default {undefined}
   */
  bias?: tf.Tensor;
  /**
   * 1 or 2, for all axes or for D, H and W.
   * @default {1}
   */
  strides?: number | Triple;
}

/**
 * Pointwise (1×1×1) transposed convolution: the matrix product of voxel i lands at i·stride, the voxels
 * between hold the bias alone. It is PyTorch's `conv_transpose3d` with kernel size 1.
 *
 * @example From n to 2n - 1 voxels
 * ```ts
 * import { pointwiseConv3dTranspose, tf } from "@mednext/kernels";
 * import { assertEquals } from "@std/assert";
 *
 * const x = tf.tensor([1, 2], [1, 1, 1, 2, 1]);
 * const y = pointwiseConv3dTranspose(x, tf.tensor2d([[3]]), {
 *   bias: tf.tensor1d([0.5]),
 *   strides: 2,
 * });
 * assertEquals(Array.from(y.dataSync()), [3.5, 0.5, 6.5]);
 * ```
 *
 * @param x `[N, D, H, W, Cin]`, float32.
 * @param filter `[Cin, Cout]`.
 * @param options Bias and strides.
 * @returns `[N, oD, oH, oW, Cout]` with o = (n - 1)·stride + 1.
 * @throws {TypeError} If a tensor is not float32.
 * @throws {RangeError} If shapes or strides do not fit.
 */
export function pointwiseConv3dTranspose(
  x: tf.Tensor,
  filter: tf.Tensor,
  options: PointwiseConv3dTransposeOptions = {},
): tf.Tensor5D {
  const { bias, strides: stride = 1 } = options;
  const op = "pointwiseConv3dTranspose";
  const strides = pointwiseStrides(op, { x, filter, bias, strides: stride });
  const withBias = bias && { bias };
  if (strides.every((s) => s === 1)) {
    return runKernel("Pointwise", { x, filter, ...withBias }, {}) as tf.Tensor5D;
  }
  const size = dilatedSize(spatialSize(x.shape), strides);
  const outputShape: number[] = [x.shape[0], ...size, filter.shape[1]!];
  return tf.tidy(() => {
    const product = runKernel("Pointwise", { x, filter }, {});
    const inputs = { x: product, ...withBias };
    return runKernel("Dilate3d", inputs, { strides, outputShape }) as tf.Tensor5D;
  });
}
