import type { RegionAttrs } from "../../kernel_types.ts";
import { regionTable } from "../../region_table.ts";
import type { WasmBackend } from "../backend.ts";
import { withChannelArrays } from "./channel_affine.ts";
import { forEachImage, NO_LABEL, paddedRows } from "./labelled_images.ts";
import type { WasmKernel } from "./wasm_kernel.ts";

export const regionSums: WasmKernel<"RegionSums"> = (backend, { logits, labels }, attrs) => {
  const count = attrs.regions.length;
  const y = backend.output([logits.shape[0], 4, count]);
  withTable(backend, attrs, (table) =>
    forEachImage(backend, { logits, labels }, (image) => {
      const bytes = count * 96;
      backend.withScratch(image.tasks * bytes, (results) => {
        const { ignored = NO_LABEL } = attrs;
        const args = [
          image.logits,
          image.labels,
          ignored,
          table.address,
          table.rows,
          count,
          results,
        ];
        const perTask = { argument: 6, bytes };
        backend.run("regionSums", args, { items: image.voxels, chunk: image.chunk, perTask });
        const sums = new Float64Array(4 * count);
        for (let task = 0; task < image.tasks; task++) {
          const at = results + task * bytes;
          const part = new Float64Array(backend.runtime.memory.buffer, at, 4 * count);
          part.forEach((value, i) => sums[i] += value);
        }
        backend.values(y).set(sums, image.index * 4 * count);
      });
    }));
  return y;
};

export const regionSumsGrad: WasmKernel<"RegionSumsGrad"> = (
  backend,
  { logits, labels, dy },
  attrs,
) => {
  const count = attrs.regions.length;
  const dx = backend.output(logits.shape);
  withTable(backend, attrs, (table) =>
    forEachImage(backend, { logits, labels }, (image) => {
      const slopes = paddedRows(backend.values(dy) as Float32Array, image.index, count);
      const target = backend.address(dx) + image.index * image.voxels * count * 4;
      withChannelArrays(backend, slopes, ([first]) => {
        const { ignored = NO_LABEL } = attrs;
        const place = [image.logits, image.labels, ignored, table.address, table.rows];
        const args = [...place, first, target, count];
        backend.run("regionSumsGradient", args, { items: image.voxels, chunk: image.chunk });
      });
    }));
  return dx;
};

/** Copies into the memory which regions each label is in. */
function withTable(
  backend: WasmBackend,
  { regions }: RegionAttrs,
  use: (table: { address: number; rows: number }) => void,
): void {
  const { rows, values } = regionTable(regions);
  backend.withScratch(values.length * 4, (address) => {
    new Float32Array(backend.runtime.memory.buffer, address, values.length).set(values);
    use({ address, rows });
  });
}
