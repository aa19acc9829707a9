import { convTransposeSize, spatialSize } from "../output_size.ts";
import { ensureRegistered } from "../run_kernel.ts";
import { tf } from "../tf.ts";
import type { Triple } from "../triple.ts";
import { checkOutput } from "./check.ts";
import { denseGeometry } from "./dense_geometry.ts";

/** Options of {@linkcode conv3dTranspose}. */
export interface Conv3dTransposeOptions {
  /**
   * `[Cout]`, added to every output voxel.
   * @default {undefined}
   */
  bias?: tf.Tensor;
  /**
   * For all axes or for D, H and W.
   * @default {1}
   */
  strides?: number | Triple;
  /**
   * Voxels cut from both ends of each axis, for all axes or for D, H and W.
   * @default {k >> 1 on each axis}
   */
  padding?: number | Triple;
}

/**
 * Dense three-dimensional transposed convolution with explicit padding: PyTorch's `conv_transpose3d`
 * without output padding. Its gradient, which TensorFlow.js lacks, is registered with it.
 *
 * @example From n to 2n - 1 voxels
 * ```ts
 * import { conv3dTranspose, tf } from "@mednext/kernels";
 * import { assertEquals } from "@std/assert";
 *
 * const y = conv3dTranspose(tf.ones([1, 2, 2, 2, 3]), tf.ones([3, 3, 3, 1, 3]), { strides: 2 });
 * assertEquals(y.shape, [1, 3, 3, 3, 1]);
 * assertEquals(y.dataSync()[13], 24); // all eight voxels, three channels each, meet in the middle
 * ```
 *
 * @param x `[N, D, H, W, Cin]`, float32.
 * @param filter `[kD, kH, kW, Cout, Cin]`.
 * @param options Bias, strides and padding.
 * @returns `[N, oD, oH, oW, Cout]` with o = (n - 1)·stride - 2·padding + k.
 * @throws {TypeError} If a tensor is not float32.
 * @throws {RangeError} If shapes, strides or padding do not fit.
 */
export function conv3dTranspose(
  x: tf.Tensor,
  filter: tf.Tensor,
  options: Conv3dTransposeOptions = {},
): tf.Tensor5D {
  const { bias, strides: stride = 1, padding: pad } = options;
  const letters = ["kD", "kH", "kW", "Cout", "Cin"];
  const geometry = { x, filter, bias, strides: stride, padding: pad, letters };
  const { kernel, strides, padding } = denseGeometry("conv3dTranspose", geometry);
  const [oD, oH, oW] = convTransposeSize(spatialSize(x.shape), { kernel, strides, padding });
  checkOutput("conv3dTranspose", [oD, oH, oW], x);
  ensureRegistered();
  const [batch, channels]: number[] = [x.shape[0], filter.shape[3]!];
  return tf.tidy(() => {
    const full: [number, number, number, number, number] = [
      batch,
      oD + 2 * padding[0],
      oH + 2 * padding[1],
      oW + 2 * padding[2],
      channels,
    ];
    const whole = tf.conv3dTranspose(
      x as tf.Tensor5D,
      filter as tf.Tensor5D,
      full,
      strides,
      "valid",
    );
    const y = tf.slice(whole, [0, ...padding, 0], [batch, oD, oH, oW, channels]) as tf.Tensor5D;
    return bias ? tf.add<tf.Tensor5D>(y, bias) : y;
  });
}
