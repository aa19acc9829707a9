import type { TensorInfo } from "@tensorflow/tfjs";
import type { DeviceBackend } from "../backend.ts";
import type { Precision } from "../../precision.ts";
import { sumParts } from "./column_sums.ts";
import { factorsOf } from "./factors_wgsl.ts";
import { tileOf } from "./matmul_tile.ts";
import { matmulBody, stridesOf } from "./matmul_wgsl.ts";

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
  /** How the factors are held, which is for forward passes to choose. @default {"float32"} */
  precision?: Precision;
  declarations?: string;
  sizes?: Record<string, number>;
  numbers?: Record<string, number>;
}

/**
 * Multiplies tile by tile: a workgroup holds a stretch of rows and one of columns in its memory, each invocation has four
 * by four values in registers.
 */
export function matmul(backend: DeviceBackend, options: Matmul): void {
  const { rows, depth, columns, parts = 1, precision = "float32" } = options;
  const factors = factorsOf(precision);
  const tile = tileOf({ rows, columns, depth }, precision);
  const strides = stridesOf(tile, options);
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
    float16: factors.float16,
    declarations: `${factors.declarations}
var<workgroup> leftTile: array<Factors, ${tile.depth * strides.left}>;
var<workgroup> rightTile: array<Factors, ${tile.depth * strides.right}>;
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
    body: matmulBody(tile, options),
  });
}

/** Workgroups that keep a device busy, and the least depth that a part is worth. */
const WORKGROUPS = 512;
const LEAST_DEPTH = 256;

/** In how many parts a product is summed whose depth is long and whose result is small, as of the gradients of weights. */
export function depthParts(
  { rows, depth, columns }: Pick<Matmul, "rows" | "depth" | "columns">,
): number {
  const tile = tileOf({ rows, columns, depth });
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
