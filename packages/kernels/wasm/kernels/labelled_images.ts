import type { TensorInfo } from "@tensorflow/tfjs";
import type { WasmBackend } from "../backend.ts";
import { sizeOf } from "./wasm_kernel.ts";

/** What no label is: it says that none is ignored. */
export const NO_LABEL = -(2 ** 31);

/** Voxels of one task at least, and tasks at most. */
const VOXELS_PER_TASK = 2048;
const TASKS = 32;

/** One image of a batch, and the tasks that it is worked on in. */
export interface LabelledImage {
  index: number;
  voxels: number;
  /** Its logits and its labels. */
  logits: number;
  labels: number;
  chunk: number;
  tasks: number;
}

/** Copies the labels into the memory and calls `use` with each image. */
export function forEachImage(
  backend: WasmBackend,
  { logits, labels }: { logits: TensorInfo; labels: TensorInfo },
  use: (image: LabelledImage) => void,
): void {
  const [batch, classes] = [logits.shape[0], logits.shape.at(-1)!];
  const count = sizeOf(labels.shape);
  const voxels = count / batch;
  const chunk = Math.max(VOXELS_PER_TASK, Math.ceil(voxels / TASKS / 128) * 128);
  const address = backend.address(logits);
  backend.withScratch(count * 4, (scratch) => {
    const values = backend.values(labels) as ArrayLike<number>;
    new Int32Array(backend.runtime.memory.buffer, scratch, count).set(values);
    for (let index = 0; index < batch; index++) {
      use({
        ...{ index, voxels, chunk, tasks: Math.ceil(voxels / chunk) },
        logits: address + index * voxels * classes * 4,
        labels: scratch + index * voxels * 4,
      });
    }
  });
}

/** The four rows of one image out of `[N, 4, K]`, each with zeros behind it up to a multiple of four. */
export function paddedRows(values: Float32Array, image: number, count: number): Float32Array[] {
  return Array.from({ length: 4 }, (_, row) => {
    const from = (image * 4 + row) * count;
    // Where there is no probability: what lies there may not be a number.
    const padded = new Float32Array(Math.ceil(count / 4) * 4);
    padded.set(values.subarray(from, from + count));
    return padded;
  });
}
