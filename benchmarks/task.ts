import type { Layout } from "./measurement.ts";
import type { Work } from "./works.ts";

/** What a process is told to measure, as the JSON of its one argument. The names are also those of `peers/run.py`. */
export interface Task {
  readonly work: Work;
  readonly inputChannels: number;
  readonly classes: number;
  readonly threads: number;
  /** Safetensors in PyTorch's layout: the weights that our network has at its start. */
  readonly weights: string;
  /** Safetensors: `image` and `labels`, each `[D, H, W]`. */
  readonly inputs: string;
  /** Of PyTorch's tensors. */
  readonly layout?: Layout;
}

/** The settings of the network: five heads when it is trained, and the same seed in every process. */
export function networkOf({ work, inputChannels, classes }: Task) {
  return {
    inputChannels,
    classes,
    size: work.size,
    kernelSize: work.kernelSize,
    deepSupervision: work.kind === "train",
    seed: 0,
  };
}
