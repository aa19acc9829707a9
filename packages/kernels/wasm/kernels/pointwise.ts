import type { WasmBackend } from "../backend.ts";
import { optionalAddress, sizeOf, type WasmKernel } from "./wasm_kernel.ts";

/** Rows of one task: a multiple of the 6 rows of a tile. */
const ROWS_PER_TASK = 192;
/** Rows of one part of a filter gradient, at least; and parts, at most. */
const ROWS_PER_PART = 2048;
const PARTS = 16;

/** A right-hand matrix [depth, columns] as it lies in memory, with a bias or 0. */
export interface Matrix {
  address: number;
  bias: number;
  depth: number;
  columns: number;
  rowStep: number;
  columnStep: number;
}

/** Gives `use` the address of a matrix in panels. */
export function withPanels<T>(
  backend: WasmBackend,
  { address, bias, depth, columns, rowStep, columnStep }: Matrix,
  use: (packed: number) => T,
): T {
  const panels = Math.ceil(columns / 8);
  return backend.withScratch(panels * (depth + 1) * 32, (packed) => {
    backend.run("packPanels", [address, bias, packed, depth, columns, rowStep, columnStep], {
      items: panels,
      chunk: 4,
    });
    return use(packed);
  });
}

/** y [rows, columns] = a [rows, depth] times the matrix. */
function multiply(
  backend: WasmBackend,
  matrix: Matrix,
  { a, y, rows }: { a: number; y: number; rows: number },
): void {
  const { depth, columns } = matrix;
  withPanels(backend, matrix, (packed) => {
    backend.run("multiplyPanels", [a, packed, y, depth, columns], {
      items: rows,
      chunk: ROWS_PER_TASK,
    });
  });
}

/** Y = X W + bias. */
export const pointwise: WasmKernel<"Pointwise"> = (backend, { x, filter, bias }) => {
  const [depth, columns] = filter.shape;
  const y = backend.output([...x.shape.slice(0, -1), columns]);
  const matrix = {
    address: backend.address(filter),
    bias: optionalAddress(backend, bias),
    ...{ depth, columns, rowStep: columns, columnStep: 1 },
  };
  const rows = sizeOf(x.shape) / depth;
  multiply(backend, matrix, { a: backend.address(x), y: backend.address(y), rows });
  return y;
};

/** dX = dY Wᵀ. */
export const pointwiseBackpropInput: WasmKernel<"PointwiseBackpropInput"> = (
  backend,
  { dy, filter },
) => {
  const [columns, depth] = filter.shape;
  const dx = backend.output([...dy.shape.slice(0, -1), columns]);
  const matrix = {
    address: backend.address(filter),
    bias: 0,
    ...{ depth, columns, rowStep: 1, columnStep: depth },
  };
  const rows = sizeOf(dy.shape) / depth;
  multiply(backend, matrix, { a: backend.address(dy), y: backend.address(dx), rows });
  return dx;
};

/** dW = Xᵀ dY, in parts of the rows that are then summed. */
export const pointwiseBackpropFilter: WasmKernel<"PointwiseBackpropFilter"> = (
  backend,
  { x, dy },
) => {
  const depth = x.shape.at(-1)!;
  const columns = dy.shape.at(-1)!;
  const rows = sizeOf(x.shape) / depth;
  const rowsPerPart = Math.max(ROWS_PER_PART, Math.ceil(rows / PARTS));
  const parts = Math.ceil(rows / rowsPerPart);
  const length = depth * columns;
  const output = backend.output([depth, columns]);
  backend.withScratch(parts * length * 4, (partials) => {
    backend.run("multiplyTransposed", [
      ...[backend.address(x), backend.address(dy), partials],
      ...[depth, columns, rows, rowsPerPart],
    ], { items: parts * Math.ceil(depth / 24), chunk: 1 });
    sumPartials(backend, { partials, output: backend.address(output), parts, length });
  });
  return output;
};

/** Adds `parts` arrays of `length` floats that lie one behind the other. */
export function sumPartials(
  backend: WasmBackend,
  { partials, output, parts, length }: {
    partials: number;
    output: number;
    parts: number;
    length: number;
  },
): void {
  backend.run("sumPartials", [partials, output, parts, length], { items: length, chunk: 4096 });
}
