import { withChannelArrays } from "./channel_affine.ts";
import { forEachImage, NO_LABEL, paddedRows } from "./labelled_images.ts";
import type { WasmKernel } from "./wasm_kernel.ts";

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
    const slopes = paddedRows(backend.values(dy) as Float32Array, index, classes);
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
