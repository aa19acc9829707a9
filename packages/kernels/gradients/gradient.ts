import type { GradConfig } from "@tensorflow/tfjs";
import type { KernelName, Kernels } from "../kernel_types.ts";
import { tf } from "../tf.ts";

type Name = Extract<KernelName, string>;

/** How one kernel is differentiated; typed by the contract of the kernel. */
export interface Gradient<K extends Name> {
  /** The inputs that the gradient needs, in the order in which it gets them. */
  save: (keyof Kernels[K]["inputs"] & string)[];
  /** Which outputs it needs too; they come after the inputs. */
  saveOutputs?: boolean[];
  /** From the gradient of the first output, to one function per differentiable input. */
  backward: (
    dy: tf.Tensor,
    saved: tf.Tensor[],
    attrs: Kernels[K]["attrs"],
  ) => Partial<Record<keyof Kernels[K]["inputs"], () => tf.Tensor>>;
}

/** What TensorFlow.js registers for a gradient. */
export function gradConfig<K extends Name>(kernelName: K, gradient: Gradient<K>): GradConfig {
  return {
    kernelName,
    inputsToSave: gradient.save,
    outputsToSave: gradient.saveOutputs,
    gradFunc: (dy, saved, attrs) => {
      // The other outputs of a normalisation are statistics, which no operation hands out.
      const first = Array.isArray(dy) ? dy[0] : dy;
      const gradients = gradient.backward(first, saved, attrs as unknown as Kernels[K]["attrs"]);
      return gradients as Record<string, () => tf.Tensor>;
    },
  };
}

/** Runs a kernel inside of a gradient. */
export function backwardKernel<K extends Name>(
  name: K,
  inputs: Kernels[K]["inputs"],
  attrs: Kernels[K]["attrs"],
): tf.Tensor[] {
  const outputs = tf.engine().runKernel(
    name,
    inputs as unknown as tf.NamedTensorMap,
    attrs as Parameters<ReturnType<typeof tf.engine>["runKernel"]>[2],
  ) as tf.Tensor | tf.Tensor[];
  return Array.isArray(outputs) ? outputs : [outputs];
}
