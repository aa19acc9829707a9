import type { TensorInfo } from "@tensorflow/tfjs";
import type { WasmBackend } from "../backend.ts";
import { withChannelArrays } from "./channel_affine.ts";
import { sizeOf, type WasmKernel } from "./wasm_kernel.ts";

/** Voxels of one task at least, and tasks at most. */
const VOXELS_PER_TASK = 2048;
const TASKS = 32;

/** One image of a batch. */
interface Image {
  index: number;
  voxels: number;
  /** Its logits and its labels. */
  logits: number;
  labels: number;
  chunk: number;
  tasks: number;
}

/** What no label is: it says that none is ignored. */
const NO_LABEL = -(2 ** 31);

export const segmentationSums: WasmKernel<"SegmentationSums"> = (
  backend,
  { logits, labels },
  { ignored = NO_LABEL },
) => {
  const classes = logits.shape.at(-1)!;
  const y = backend.output([logits.shape[0], 4, classes]);
  forEachImage(backend, { logits, labels }, (image) => {
    const stride = Math.ceil(classes / 4) * 4;
    const bytes = stride * 80 + 48;
    backend.withScratch(image.tasks * bytes, (results) => {
      const { voxels: items, chunk } = image;
      const perTask = { argument: 4, bytes };
      const args = [image.logits, image.labels, ignored, classes, results];
      backend.run("segmentationSums", args, { items, chunk, perTask });
      const sums = new Float64Array(4 * classes);
      for (let task = 0; task < image.tasks; task++) {
        const at = results + task * bytes;
        const part = new Float64Array(backend.runtime.memory.buffer, at, stride * 6 + 1);
        addPart(sums, part, { classes, stride });
      }
      backend.values(y).set(sums, image.index * 4 * classes);
    });
  });
  return y;
};

/** Adds what one task has left; its products become logarithms. */
function addPart(
  sums: Float64Array,
  part: Float64Array,
  { classes, stride }: { classes: number; stride: number },
): void {
  if (part[6 * stride] > 0) {
    throw new RangeError(
      `Cannot compute segmentationSums: expected labels below the ${classes} classes, found larger ones`,
    );
  }
  for (let c = 0; c < classes; c++) {
    for (let row = 0; row < 4; row++) sums[row * classes + c] += part[row * stride + c];
    const [product, count] = [part[4 * stride + c], part[5 * stride + c]];
    sums[3 * classes + c] += Math.log(product) + count * 500 * Math.LN2;
  }
}

export const segmentationSumsGrad: WasmKernel<"SegmentationSumsGrad"> = (
  backend,
  { logits, labels, dy },
  { ignored = NO_LABEL },
) => {
  const classes = logits.shape.at(-1)!;
  const dx = backend.output(logits.shape);
  forEachImage(backend, { logits, labels }, (image) => {
    const { index, voxels, tasks, chunk } = image;
    const slopes = Array.from({ length: 4 }, (_, row) => {
      const from = (index * 4 + row) * classes;
      // Zeros behind the last class, where there is no probability: what lies there may not be a number.
      const padded = new Float32Array(Math.ceil(classes / 4) * 4);
      padded.set(backend.values(dy).subarray(from, from + classes));
      return padded;
    });
    const bytes = classes * 32;
    const target = backend.address(dx) + index * voxels * classes * 4;
    withChannelArrays(backend, slopes, ([first]) =>
      backend.withScratch(tasks * bytes, (work) => {
        const args = [image.logits, image.labels, ignored, first, target, work, classes];
        const perTask = { argument: 5, bytes };
        backend.run("segmentationSumsGradient", args, { items: voxels, chunk, perTask });
      }));
  });
  return dx;
};

/** Copies the labels into the memory and calls `use` with each image. */
function forEachImage(
  backend: WasmBackend,
  { logits, labels }: { logits: TensorInfo; labels: TensorInfo },
  use: (image: Image) => void,
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
