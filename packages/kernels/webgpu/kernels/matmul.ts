import type { TensorInfo } from "@tensorflow/tfjs";
import type { DeviceBackend } from "../backend.ts";
import { sumParts } from "./column_sums.ts";
import { type Tile, tileOf } from "./matmul_tile.ts";

/** A product of matrices, [rows, depth] · [depth, columns]; what is multiplied and what becomes of it is WGSL. */
export interface Matmul {
  /** The kernel, for messages. */
  name: string;
  rows: number;
  depth: number;
  columns: number;
  inputs: Record<string, TensorInfo>;
  outputs: Record<string, TensorInfo>;
  /** The value at `row` and `k` of the left matrix. */
  left: string;
  /** The value at `k` and `column` of the right matrix. */
  right: string;
  /** Statements that keep `value` of `row` and `column`. */
  store: string;
  /** Which index of a matrix lies side by side in memory. @default {"k" of the left, "column" of the right} */
  leftAlong?: "row" | "k";
  rightAlong?: "k" | "column";
  /** Number of parts of the depth, which are computed apart; `store` has its `part`. @default {1} */
  parts?: number;
  declarations?: string;
  sizes?: Record<string, number>;
  numbers?: Record<string, number>;
}

/**
 * Multiplies tile by tile: a workgroup holds a stretch of rows and one of columns in its memory, each invocation has four
 * by four values in registers.
 */
export function matmul(backend: DeviceBackend, options: Matmul): void {
  const { rows, depth, columns, parts = 1 } = options;
  const tile = tileOf({ rows, columns });
  const rowTiles = Math.ceil(rows / tile.rows);
  const columnTiles = Math.ceil(columns / tile.columns);
  backend.run({
    name: options.name,
    inputs: options.inputs,
    outputs: options.outputs,
    sizes: {
      ...{ ...options.sizes, rows, depth, columns, rowTiles, columnTiles },
      partDepth: Math.ceil(depth / parts),
    },
    numbers: options.numbers,
    workgroups: rowTiles * columnTiles * parts,
    workgroupSize: tile.rows * tile.columns / 16,
    declarations: `
var<workgroup> leftTile: array<vec4f, ${tile.depth * tile.rows / 4}>;
var<workgroup> rightTile: array<vec4f, ${tile.depth * tile.columns / 4}>;
${options.declarations ?? ""}
fn left_at(row: u32, k: u32, end: u32) -> f32 {
  if (row >= p.rows || k >= end) { return 0.0; }
  return ${options.left};
}
fn right_at(k: u32, column: u32, end: u32) -> f32 {
  if (column >= p.columns || k >= end) { return 0.0; }
  return ${options.right};
}
fn store(row: u32, column: u32, value: f32, part: u32) {
  if (row >= p.rows || column >= p.columns) { return; }
  ${options.store}
}`,
    body: bodyOf(tile, options),
  });
}

function bodyOf(tile: Tile, { leftAlong = "k", rightAlong = "column" }: Matmul): string {
  const [down, across] = [tile.rows / 4, tile.columns / 4];
  /** Which row or column and which depth an invocation loads: neighbours load what lies side by side. */
  const place = (count: number, alongDepth: boolean) =>
    alongDepth
      ? `let k = i % ${tile.depth}u; let q = i / ${tile.depth}u;`
      : `let k = i / ${count}u; let q = i % ${count}u;`;
  return `
  let firstColumn = group % p.columnTiles * ${tile.columns}u;
  let firstRow = group / p.columnTiles % p.rowTiles * ${tile.rows}u;
  let part = group / (p.columnTiles * p.rowTiles);
  let end = min(p.depth, (part + 1) * p.partDepth);
  let tx = local % ${across}u;
  let ty = local / ${across}u;
  var sum0 = vec4f(0); var sum1 = vec4f(0); var sum2 = vec4f(0); var sum3 = vec4f(0);
  for (var start = part * p.partDepth; start < end; start += ${tile.depth}u) {
    for (var i = local; i < ${tile.depth * down}u; i += ${down * across}u) {
      ${place(down, leftAlong === "k")}
      let row = firstRow + q * 4;
      leftTile[k * ${down}u + q] = ${four((i) => `left_at(row + ${i}, start + k, end)`)};
    }
    for (var i = local; i < ${tile.depth * across}u; i += ${down * across}u) {
      ${place(across, rightAlong === "k")}
      let column = firstColumn + q * 4;
      rightTile[k * ${across}u + q] = ${four((i) => `right_at(start + k, column + ${i}, end)`)};
    }
    workgroupBarrier();
    for (var k = 0u; k < ${tile.depth}u; k++) {
      let a = leftTile[k * ${down}u + ty];
      let b = rightTile[k * ${across}u + tx];
      ${outerProduct("sum")}
    }
    workgroupBarrier();
  }
  let row = firstRow + ty * 4;
  let column = firstColumn + tx * 4;
  ${eachOf((i, j) => `store(row + ${i}, column + ${j}, sum${i}[${j}], part);`)}`;
}

/** Four values of consecutive numbers as a vector. */
export function four(at: (i: number) => string): string {
  return `vec4f(${[0, 1, 2, 3].map(at).join(", ")})`;
}

/** Adds `a`, four rows, times `b`, four columns, to sixteen sums. */
export function outerProduct(sum: string): string {
  return ["x", "y", "z", "w"].map((axis, i) => `${sum}${i} = fma(vec4f(a.${axis}), b, ${sum}${i});`)
    .join("\n      ");
}

/** A statement for each of sixteen sums. */
export function eachOf(statement: (i: number, j: number) => string): string {
  const numbers = [0, 1, 2, 3];
  return numbers.flatMap((i) => numbers.map((j) => statement(i, j))).join("\n  ");
}

/** Workgroups that keep a device busy, and the least depth that a part is worth. */
const WORKGROUPS = 512;
const LEAST_DEPTH = 256;

/** In how many parts a product is summed whose depth is long and whose result is small, as of the gradients of weights. */
export function depthParts(
  { rows, depth, columns }: Pick<Matmul, "rows" | "depth" | "columns">,
): number {
  const tile = tileOf({ rows, columns });
  const tiles = Math.ceil(rows / tile.rows) * Math.ceil(columns / tile.columns);
  return Math.max(1, Math.min(Math.ceil(WORKGROUPS / tiles), Math.ceil(depth / LEAST_DEPTH)));
}

/** A product in parts of its depth, which are then added in their order. */
export function deepMatmul(
  backend: DeviceBackend,
  options: Omit<Matmul, "outputs" | "store" | "parts">,
): TensorInfo {
  const { name, rows, columns } = options;
  const parts = depthParts(options);
  const partial = backend.output([parts, rows, columns]);
  const store = "partial[(part * p.rows + row) * p.columns + column] = value;";
  matmul(backend, { ...options, outputs: { partial }, store, parts });
  const total = backend.output([rows, columns]);
  sumParts(backend, { name, partial, total, parts });
  backend.release(partial);
  return total;
}
