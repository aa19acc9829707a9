import { runKernel } from "../run_kernel.ts";
import type { tf } from "../tf.ts";
import type { Triple } from "../triple.ts";
import { checkTriple, checkVolume } from "./check.ts";

/** No axis of a volume is longer than this: what a 32-bit count can hold. */
const LONGEST = 2 ** 31 - 1;

/**
 * Trilinear interpolation to another size, with half-pixel centres and clamped edges: PyTorch's
 * `interpolate(mode = "trilinear", align_corners = False)`.
 *
 * @example Twice as many voxels along W
 * ```ts
 * import { resizeTrilinear, tf } from "@mednext/kernels";
 * import { assertEquals } from "@std/assert";
 *
 * const x = tf.tensor([0, 4], [1, 1, 1, 2, 1]);
 * const y = resizeTrilinear(x, [1, 1, 4]);
 * assertEquals(Array.from(y.dataSync()), [0, 1, 3, 4]);
 * ```
 *
 * @param x `[N, D, H, W, C]`, float32.
 * @param size The new D, H and W.
 * @returns `[N, ...size, C]`.
 * @throws {TypeError} If x is not float32.
 * @throws {RangeError} If x is not a volume or the size is not three positive integers.
 */
export function resizeTrilinear(x: tf.Tensor, size: Triple): tf.Tensor5D {
  const op = "resizeTrilinear";
  checkVolume(op, x);
  const checked = checkTriple(op, "size", { value: size, minimum: 1, maximum: LONGEST });
  return runKernel("ResizeTrilinear", { x }, { size: checked }) as tf.Tensor5D;
}
