import type { TensorInfo } from "@tensorflow/tfjs";
import type { KernelName, Kernels } from "../../kernel_types.ts";
import type { DeviceBackend } from "../backend.ts";

/** How the webgpu backend runs one kernel of the contract. */
export type WebgpuKernel<K extends KernelName> = (
  backend: DeviceBackend,
  inputs: Kernels[K]["inputs"],
  attrs: Kernels[K]["attrs"],
) => TensorInfo | TensorInfo[];

/** Number of values of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Channels in vectors of four where their number allows it: how many values a T of the shader has, and how many T a voxel. */
export function vectorsOf(channels: number): { lanes: 1 | 4; vectors: number } {
  return channels % 4 === 0 ? { lanes: 4, vectors: channels / 4 } : { lanes: 1, vectors: channels };
}

/** Inputs of a program, without those that are not given. */
export function given(
  inputs: Record<string, TensorInfo | undefined>,
): Record<string, TensorInfo> {
  return Object.fromEntries(
    Object.entries(inputs).filter((entry): entry is [string, TensorInfo] => entry[1] !== undefined),
  );
}
