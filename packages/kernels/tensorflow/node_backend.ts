import util from "node:util";
import type { KernelBackend, TensorInfo } from "@tensorflow/tfjs";
import type { tf } from "../tf.ts";
import type { Attribute } from "./ffi/attributes.ts";
import type { Binding } from "./ffi/binding.ts";
import type { Metadata } from "./ffi/handles.ts";

/** The part of tfjs-node-gpu's backend that our kernels call. */
export interface NodeBackend extends KernelBackend {
  binding: Binding;
  /** The tensors in TensorFlow's memory; values that are not there yet are brought there. */
  getInputTensorIds(tensors: TensorInfo[]): number[];
  /** Gives a tensor in TensorFlow's memory to TensorFlow.js, which frees it from then on. */
  createOutputTensor(metadata: Metadata): tf.Tensor;
  executeSingleOutput(name: string, attributes: Attribute[], inputs: TensorInfo[]): tf.Tensor;
}

type Constructor = new (binding: Binding, packageName: string) => NodeBackend;

/**
 * The files of tfjs-node-gpu that hold its backend and its kernels. Its main file would load the native addon.
 * The specifier is put together here so that Deno fetches the package only when this backend is asked for.
 */
const PACKAGE = "npm:@tensorflow/tfjs-node-gpu@4.22.0";

/** Loads tfjs-node-gpu, which registers its kernels, and gives its backend over a binding. */
export async function createNodeBackend(binding: Binding): Promise<NodeBackend> {
  restoreUtil();
  await import(`${PACKAGE}/dist/register_all_kernels.js`);
  const module = await import(`${PACKAGE}/dist/nodejs_kernel_backend.js`);
  const { NodeJSKernelBackend } = module as { NodeJSKernelBackend: Constructor };
  return new NodeJSKernelBackend(binding, "@tensorflow/tfjs-node-gpu");
}

/** The package calls a function that Node 23 and Deno have dropped (tfjs issue 8609). */
function restoreUtil(): void {
  const functions = util as unknown as Record<string, unknown>;
  functions.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
}
