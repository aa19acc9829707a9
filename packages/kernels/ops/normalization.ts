import type { Kernels } from "../kernel_types.ts";
import { runKernelWithOutputs } from "../run_kernel.ts";
import { tf } from "../tf.ts";
import { checkNotNegative, checkShape, checkVolume, show } from "./check.ts";

type Normalization = "GroupNorm" | "LayerNorm" | "GlobalResponseNorm";

/** Checks and runs one of the normalisations, which all take x, gamma and beta. */
export function normalize<K extends Normalization>(
  op: string,
  kernel: K,
  { x, gamma, beta, epsilon }: Record<"x" | "gamma" | "beta", tf.Tensor> & { epsilon: number },
): tf.Tensor5D {
  const expected = { shape: [checkVolume(op, x)[4]], because: `x is ${show(x.shape)}` };
  checkShape(op, "gamma", gamma, expected);
  checkShape(op, "beta", beta, expected);
  checkNotNegative(op, "epsilon", epsilon);
  const inputs: Kernels[Normalization]["inputs"] = { x, gamma, beta };
  // The statistics live on only where a tape saved them for the gradient.
  return tf.tidy(() => runKernelWithOutputs(kernel, inputs, { epsilon })[0] as tf.Tensor5D);
}
