import type { TensorInfo } from "@tensorflow/tfjs";
import type { KernelName, Kernels } from "../../kernel_types.ts";
import type { WasmBackend } from "../backend.ts";

/** How the wasm backend runs one kernel of the contract. */
export type WasmKernel<K extends KernelName> = (
  backend: WasmBackend,
  inputs: Kernels[K]["inputs"],
  attrs: Kernels[K]["attrs"],
) => TensorInfo | TensorInfo[];

/** Number of values of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** The address of an optional input; 0 stands for "none". */
export function optionalAddress(backend: WasmBackend, info: TensorInfo | undefined): number {
  return info === undefined ? 0 : backend.address(info);
}

/** Tensors with fewer values stay outside of the memory: the stock kernel is as fast. */
const SMALLEST = 1024;

/** A tensor that is worth the way into the memory. */
export function isLargeFloat({ dtype, shape }: TensorInfo): boolean {
  return dtype === "float32" && sizeOf(shape) >= SMALLEST;
}
