import { runKernel } from "../run_kernel.ts";
import type { tf } from "../tf.ts";
import { checkFloat } from "./check.ts";

/**
 * The Gaussian error linear unit in its exact form: x·(1 + erf(x / √2)) / 2 (arXiv 1606.08415). It is
 * the default of PyTorch's `gelu`, not the approximation by tanh.
 *
 * @example Three values
 * ```ts
 * import { gelu, tf } from "@mednext/kernels";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const y = gelu(tf.tensor1d([-1, 0, 1])).dataSync();
 * assertAlmostEquals(y[0], -0.15865525, 1e-6);
 * assertAlmostEquals(y[1], 0, 1e-6);
 * assertAlmostEquals(y[2], 0.84134475, 1e-6);
 * ```
 *
 * @param x Of any shape, float32.
 * @returns A tensor of the shape of x.
 * @throws {TypeError} If x is not float32.
 */
export function gelu<T extends tf.Tensor>(x: T): T {
  checkFloat("gelu", "x", x);
  return runKernel("Gelu", { x }, {}) as T;
}
