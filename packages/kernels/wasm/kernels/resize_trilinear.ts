import { spatialSize } from "../../output_size.ts";
import { type Neighbours, neighbours } from "../../trilinear_neighbours.ts";
import type { Triple } from "../../triple.ts";
import type { WasmBackend } from "../backend.ts";
import type { WasmKernel } from "./wasm_kernel.ts";

/** Rows along W of one task. */
const ROWS_PER_TASK = 16;
/** Bytes of an entry of the table: two indices and a weight. */
const ENTRY = 12;

export const resizeTrilinear: WasmKernel<"ResizeTrilinear"> = (backend, { x }, { size }) => {
  const [batch, , , , channels] = x.shape;
  const input = spatialSize(x.shape);
  const y = backend.output([batch, ...size, channels]);
  withTable(backend, { input, output: size }, ({ table }) => {
    const args = [backend.address(x), table, backend.address(y), ...input, channels, ...size];
    const job = { items: batch * size[0] * size[1], chunk: ROWS_PER_TASK };
    backend.run("resizeTrilinear", args, job);
  });
  return y;
};

export const resizeTrilinearGrad: WasmKernel<"ResizeTrilinearGrad"> = (
  backend,
  { dy },
  { inputShape },
) => {
  const [batch, , , , channels] = inputShape;
  const input = spatialSize(inputShape);
  const output = spatialSize(dy.shape);
  const dx = backend.output(inputShape);
  withTable(backend, { input, output }, ({ table, readers }) => {
    const addresses = [backend.address(dy), table, readers, backend.address(dx)];
    const job = { items: batch * input[0] * input[1], chunk: ROWS_PER_TASK };
    backend.run("resizeTrilinearGradient", [...addresses, ...input, channels, ...output], job);
  });
  return dx;
};

/** Gives `use` the addresses of the tables that `assembly/resize.ts` reads. */
function withTable(
  backend: WasmBackend,
  { input, output }: { input: Triple; output: Triple },
  use: (addresses: { table: number; readers: number }) => void,
): void {
  const axes = output.map((size, axis) => neighbours(input[axis], size));
  const entries = axes.flat();
  const ranges = axes.slice(0, 2).flatMap((axis, i) => readersOf(axis, input[i]));
  backend.withScratch(entries.length * ENTRY + ranges.length * 8, (table) => {
    const view = new DataView(backend.runtime.memory.buffer);
    entries.forEach(({ low, high, weight }, i) => {
      const at = table + i * ENTRY;
      view.setInt32(at, low, true);
      view.setInt32(at + 4, high, true);
      view.setFloat32(at + 8, weight, true);
    });
    const readers = table + entries.length * ENTRY;
    ranges.flat().forEach((index, i) => view.setInt32(readers + i * 4, index, true));
    use({ table, readers });
  });
}

/** For each input index, the first output index that reads it and the one past the last: they rise together. */
function readersOf(axis: Neighbours[], size: number): [number, number][] {
  const ranges = Array.from({ length: size }, (): [number, number] => [0, 0]);
  for (const [output, { low, high }] of axis.entries()) {
    for (const index of [low, high]) {
      const range = ranges[index];
      if (range[1] === 0) range[0] = output;
      range[1] = output + 1;
    }
  }
  return ranges;
}
