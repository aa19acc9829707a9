import type { TensorInfo } from "@tensorflow/tfjs";
import type { DeviceBackend } from "../backend.ts";
import { LANE_WGSL, laneGroups, LANES_WGSL } from "./lanes_wgsl.ts";
import { sizeOf } from "./webgpu_kernel.ts";

/** Sums over the rows of each image of what has rows of columns: voxels of channels, mostly. */
export interface ColumnSums {
  /** The kernel, for messages. */
  name: string;
  /** What is read. */
  inputs: Record<string, TensorInfo>;
  /** How many images there are, with sums of their own. */
  images: number;
  /** Rows of an image. */
  rows: number;
  /** Columns of a row. */
  columns: number;
  /** How many sums each column has. */
  sums: number;
  /** Statements that add to `sum[0]`, …; they have `image`, `row` over all images, `column` and `at`, the value's place. */
  add: string;
  /** Functions of the shader. */
  declarations?: string;
  /** Whole numbers of the shader. */
  sizes?: Record<string, number>;
}

/** Invocations that keep a device busy, and the least number of rows that one of them is worth. */
const INVOCATIONS = 65536;
const LEAST_ROWS = 8;
/** Most parts of a sum. */
const MOST_PARTS = 1024;

/** In how many parts rows are summed: it depends on the shape alone, so the bytes do too. */
export function partsOf({ rows, columns }: { rows: number; columns: number }): number {
  const wanted = Math.ceil(INVOCATIONS / columns);
  return Math.max(1, Math.min(wanted, Math.floor(rows / LEAST_ROWS), MOST_PARTS));
}

/** -> `[images, sums, columns]`. Neighbouring invocations read neighbouring values. */
export function columnSums(backend: DeviceBackend, options: ColumnSums): TensorInfo {
  const { images, rows, columns, sums } = options;
  const parts = partsOf({ rows, columns: images * columns });
  const partial = backend.output([parts, images, sums, columns]);
  backend.run({
    name: options.name,
    inputs: options.inputs,
    outputs: { partial },
    sizes: { ...options.sizes, images, rows, columns, parts },
    invocations: parts * images * columns,
    declarations: options.declarations,
    body: `
  let column = index % p.columns;
  let part = index / p.columns % p.parts;
  let image = index / (p.columns * p.parts);
  var sum: array<f32, ${sums}>;
  for (var r = part; r < p.rows; r += p.parts) {
    let row = image * p.rows + r;
    let at = row * p.columns + column;
    ${options.add}
  }
  for (var i = 0u; i < ${sums}u; i++) {
    partial[((part * p.images + image) * ${sums}u + i) * p.columns + column] = sum[i];
  }`,
  });
  const total = backend.output([images, sums, columns]);
  sumParts(backend, { name: options.name, partial, total, parts });
  backend.release(partial);
  return total;
}

/** Adds tensors that lie one behind the other, in an order that their number decides. */
export function sumParts(
  backend: DeviceBackend,
  { name, partial, total, parts }: Record<"partial" | "total", TensorInfo> & {
    name: string;
    parts: number;
  },
): void {
  const columns = sizeOf(total.shape);
  backend.run({
    name,
    inputs: { partial },
    outputs: { total },
    sizes: { parts, columns },
    ...laneGroups(columns),
    declarations: LANES_WGSL,
    body: `${LANE_WGSL}
  var sum = 0.0;
  if (column < p.columns) {
    for (var part = lane; part < p.parts; part += LANES) { sum += partial[part * p.columns + column]; }
  }
  sum = sum_lanes(local, sum);
  if (lane == 0 && column < p.columns) { total[column] = sum; }`,
  });
}
