import type { Precision } from "../../precision.ts";

/** What a workgroup multiplies at a time. */
export interface Tile {
  rows: number;
  columns: number;
  depth: number;
}

/** Most rows of a tile for so many columns: 64 to 256 invocations of 16 values, tiles that fit into 16 KiB. */
const ROWS: Record<number, number> = { 4: 256, 8: 128, 16: 64, 32: 64, 64: 64 };

/** The tile for a product of a size: no larger than it must be, and twice as deep where its values take half the bytes. */
export function tileOf(
  { rows, columns, depth }: { rows: number; columns: number; depth: number },
  precision: Precision = "float32",
): Tile {
  const width = powerOfTwo(columns, 64);
  const height = powerOfTwo(rows, ROWS[width]);
  const deepest = (height > 128 ? 8 : 16) * (precision === "mixed" ? 2 : 1);
  return { rows: height, columns: width, depth: powerOfTwo(depth, deepest) };
}

/** The least power of two that is not less than a number, from 4 to `most`. */
function powerOfTwo(number: number, most: number): number {
  return Math.min(most, Math.max(4, 2 ** Math.ceil(Math.log2(number))));
}
