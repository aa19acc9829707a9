import { convSize, spatialSize } from "../output_size.ts";
import { ensureRegistered } from "../run_kernel.ts";
import { tf } from "../tf.ts";
import type { Triple } from "../triple.ts";
import { checkOutput } from "./check.ts";
import { denseGeometry } from "./dense_geometry.ts";

/** Options of {@linkcode conv3d}. */
export interface Conv3dOptions {
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
   * Zero voxels before and after each axis, for all axes or for D, H and W.
   * @default {k >> 1 on each axis}
   */
  padding?: number | Triple;
}

/**
 * Dense three-dimensional convolution with explicit padding, as PyTorch's `conv3d` has it. The padding
 * `"same"` of TensorFlow is one voxel off that at stride 2 on even axes.
 *
 * @example One filter that sums everything under it
 * ```ts
 * import { conv3d, tf } from "@mednext/kernels";
 * import { assertEquals } from "@std/assert";
 *
 * const y = conv3d(tf.ones([1, 4, 4, 4, 2]), tf.ones([3, 3, 3, 2, 1]), { strides: 2 });
 * assertEquals(y.shape, [1, 2, 2, 2, 1]);
 * assertEquals(y.dataSync()[0], 16);
 * ```
 *
 * @param x `[N, D, H, W, Cin]`, float32.
 * @param filter `[kD, kH, kW, Cin, Cout]`.
 * @param options Bias, strides and padding.
 * @returns `[N, oD, oH, oW, Cout]` with o = floor((n + 2·padding - k) / stride) + 1.
 * @throws {TypeError} If a tensor is not float32.
 * @throws {RangeError} If shapes, strides or padding do not fit.
 */
export function conv3d(
  x: tf.Tensor,
  filter: tf.Tensor,
  options: Conv3dOptions = {},
): tf.Tensor5D {
  const { bias, strides: stride = 1, padding: pad } = options;
  const letters = ["kD", "kH", "kW", "Cin", "Cout"];
  const geometry = { x, filter, bias, strides: stride, padding: pad, letters };
  const window = denseGeometry("conv3d", geometry);
  checkOutput("conv3d", convSize(spatialSize(x.shape), window), x);
  ensureRegistered();
  return tf.tidy(() => {
    const [pD, pH, pW] = window.padding;
    const padded = tf.pad(x, [[0, 0], [pD, pD], [pH, pH], [pW, pW], [0, 0]]);
    const y = tf.conv3d(padded as tf.Tensor5D, filter as tf.Tensor5D, window.strides, "valid");
    return bias ? tf.add<tf.Tensor5D>(y, bias) : y;
  });
}
