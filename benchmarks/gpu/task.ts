import { CLASSES, INPUT_CHANNELS } from "../works.ts";

/** What is measured: one network, forward or a training step, on one patch. */
export interface GpuWork {
  readonly kind: "forward" | "train";
  readonly size: "S" | "B" | "M" | "L";
  readonly kernelSize: number;
  /** Voxels along each axis of the patch, which has one channel. */
  readonly voxels: number;
}

/** What computes: a backend of ours, in mixed precision with that suffix, or PyTorch with a precision. */
export type Runner = OurRunner | "float32" | "tf32" | "bfloat16";

/** Those of them that are ours. */
export type OurRunner = "webgpu" | "webgpu-mixed" | "tensorflow" | "tensorflow-mixed" | "wasm";

/** What a process is told to measure, as the JSON of its one argument. */
export interface GpuTask extends GpuWork {
  readonly runner: Runner;
  readonly inputChannels: number;
  readonly classes: number;
  /** Timed passes, after two that are not. */
  readonly repeats: number;
}

/** What a process found. */
export interface GpuOutcome {
  /** Of each pass. */
  readonly seconds: readonly number[];
  /** Tensors and scratch at most, on the device; null where it is not counted. */
  readonly peakBytes: number | null;
  /** What computed. */
  readonly device: string;
}

/** S with kernels 3 and 5 and L with kernel 5, forward and a training step. */
export function gpuWorks(voxels: number): GpuWork[] {
  const networks = [["S", 3], ["S", 5], ["L", 5]] as const;
  return networks.flatMap(([size, kernelSize]) =>
    (["forward", "train"] as const).map((kind) => ({ kind, size, kernelSize, voxels }))
  );
}

/** The settings of the network; with five heads when it is trained. */
export function gpuNetwork({ kind, size, kernelSize }: GpuWork) {
  return {
    ...{ inputChannels: INPUT_CHANNELS, classes: CLASSES, size, kernelSize, seed: 0 },
    deepSupervision: kind === "train",
  };
}
