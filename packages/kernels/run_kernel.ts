import { registerCpuKernels } from "./cpu/register_cpu_kernels.ts";
import { registerGradients } from "./gradients/register_gradients.ts";
import type { KernelName, Kernels } from "./kernel_types.ts";
import { tf } from "./tf.ts";

/**
 * Registers the gradients and the cpu kernels if they are not yet. Every operation and `setBackend`
 * come through here, so importing a module of this package registers nothing.
 */
export function ensureRegistered(): void {
  registerGradients();
  registerCpuKernels();
}

/** Runs a kernel with one output on the current backend; on the tape where one is recorded. */
export function runKernel<K extends KernelName>(
  name: K & (Kernels[K]["outputs"] extends 1 ? K : never),
  inputs: Kernels[K]["inputs"],
  attrs: Kernels[K]["attrs"],
): tf.Tensor {
  return runAny(name, inputs, attrs) as tf.Tensor;
}

/** Runs a kernel with several outputs, in the order of the contract. */
export function runKernelWithOutputs<K extends KernelName>(
  name: K,
  inputs: Kernels[K]["inputs"],
  attrs: Kernels[K]["attrs"],
): tf.Tensor[] {
  return runAny(name, inputs, attrs) as tf.Tensor[];
}

function runAny(name: KernelName, inputs: object, attrs: object): tf.Tensor | tf.Tensor[] {
  ensureRegistered();
  return tf.engine().runKernel(
    name,
    inputs as tf.NamedTensorMap,
    attrs as Parameters<ReturnType<typeof tf.engine>["runKernel"]>[2],
  );
}
