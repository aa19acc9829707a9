import { globalNorm, type Gradients, scaleToNorm } from "./global_norm.ts";
import type { tf } from "@mednext/kernels";

/**
 * Scales all gradients by one factor so that their common norm is at most `maxNorm`.
 *
 * Gradients that are scaled are replaced in the map and disposed of. The factor is
 * `maxNorm / (norm + 1e-6)` where that is below one.
 *
 * Source: `torch.nn.utils.clip_grad_norm_`; 12 is nnU-Net's norm.
 *
 * @example Half of a norm of two
 * ```ts
 * import { tf } from "@mednext/kernels";
 * import { clipByGlobalNorm } from "@mednext/segment";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const gradients = new Map<string, tf.Tensor>([["a", tf.tensor1d([2, 0])], ["b", tf.zeros([3])]]);
 * assertEquals(await clipByGlobalNorm(gradients, 1), 2);
 * assertAlmostEquals(gradients.get("a")!.dataSync()[0], 1, 1e-6);
 * ```
 *
 * @param gradients The gradients by name; changed.
 * @param maxNorm The largest norm.
 * @returns The norm before.
 * @throws {RangeError} If `maxNorm` is not above zero or the norm is not finite; nothing is changed then.
 */
export async function clipByGlobalNorm(
  gradients: Map<string, tf.Tensor>,
  maxNorm = 12,
): Promise<number> {
  if (!(maxNorm > 0)) {
    throw new RangeError(
      `Cannot clip gradients as maxNorm must be above zero: current value is ${maxNorm}`,
    );
  }
  const norm = await globalNorm(gradients as Gradients);
  if (!Number.isFinite(norm)) {
    throw new RangeError(`Cannot clip gradients as their norm must be finite: it is ${norm}`);
  }
  scaleToNorm(gradients, norm, maxNorm);
  return norm;
}
