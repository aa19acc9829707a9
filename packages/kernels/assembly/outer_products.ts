// Transposed matrix products X^T Y, as sums of outer products: the filter gradient of a pointwise convolution.
import { madd, storeEight, storePair, zero } from "./simd";

/** Rows that are summed before the sum goes back to memory. */
const ROWS_PER_SUM: i32 = 128;
/** Rows of the result in one tile of multiplyTransposed. */
const TILE: i32 = 24;

/**
 * X^T Y in parts: part p is that of rows `p rowsPerPart` and following, and lies at `out` + p [depth, columns]; the sum
 * of the parts is the filter gradient of a pointwise convolution. `x` [rows, depth], `y` [rows, columns]. Items
 * `begin..end` are the tiles of 24 rows of all parts, one part behind the other.
 */
export function multiplyTransposed(
  x: usize, y: usize, out: usize, depth: i32, columns: i32, rows: i32, rowsPerPart: i32, begin: i32, end: i32,
): void {
  const tiles = (depth + TILE - 1) / TILE;
  for (let item = begin; item < end; item++) {
    const part = item / tiles, from = part * rowsPerPart, first = item % tiles * TILE;
    const partOut = out + (usize(part) * usize(depth) * usize(columns) << 2);
    const last = min(first + TILE, depth), outStep = usize(columns) << 2;
    memory.fill(partOut + usize(first) * outStep, 0, usize(last - first) * outStep);
    transposedTile(x, y, partOut, depth, columns, from, min(from + rowsPerPart, rows), first, last);
  }
}

/** Adds the product of the rows `rowBegin..rowEnd` to the rows `begin..end` of `out` [depth, columns]. */
export function transposedTile(
  x: usize, y: usize, out: usize, depth: i32, columns: i32, rowBegin: i32, rowEnd: i32, begin: i32, end: i32,
): void {
  const xStep = usize(depth) << 2, yStep = usize(columns) << 2;
  for (let from = rowBegin; from < rowEnd; from += ROWS_PER_SUM) {
    const rows = min(ROWS_PER_SUM, rowEnd - from);
    const yRow = y + usize(from) * yStep;
    for (let k = begin; k < end;) {
      const xRow = x + usize(from) * xStep + (usize(k) << 2), outRow = out + usize(k) * yStep;
      const height = tileHeight(end - k);
      let j = 0;
      if (WIDE) {
        for (; j + 16 <= columns && height > 1; j += 16) {
          const at = usize(j) << 2;
          if (height == 6) sixOuterWide(xRow, xStep, yRow + at, yStep, outRow + at, rows);
          else fourOuterWide(xRow, xStep, yRow + at, yStep, outRow + at, rows);
        }
      }
      for (; j < columns; j += 8) {
        const at = usize(j) << 2;
        if (height == 6) sixOuter(xRow, xStep, yRow + at, yStep, outRow + at, rows, columns - j);
        else if (height == 4) fourOuter(xRow, xStep, yRow + at, yStep, outRow + at, rows, columns - j);
        else oneOuter(xRow, xStep, yRow + at, yStep, outRow + at, rows, columns - j);
      }
      k += height;
    }
  }
}

/** How many of the rows that are left are done together: channels come in multiples of 8, so 8 is 4 + 4 and not 6 + 2. */
// @ts-ignore: decorator
@inline
function tileHeight(left: i32): i32 {
  if (left >= 6 && left != 8) return 6;
  return left >= 4 ? 4 : 1;
}

/** Adds the outer products of 6 columns of x with 8 columns of y. */
function sixOuter(
  x: usize,
  xStep: usize,
  y: usize,
  yStep: usize,
  out: usize,
  rows: i32,
  columns: i32,
): void {
  let p0 = zero(), q0 = p0, p1 = p0, q1 = p0, p2 = p0, q2 = p0;
  let p3 = p0, q3 = p0, p4 = p0, q4 = p0, p5 = p0, q5 = p0;
  for (; rows > 0; rows--) {
    const p = v128.load(y), q = v128.load(y, 16);
    let a = v128.load32_splat(x);
    p0 = madd(a, p, p0), q0 = madd(a, q, q0);
    a = v128.load32_splat(x, 4);
    p1 = madd(a, p, p1), q1 = madd(a, q, q1);
    a = v128.load32_splat(x, 8);
    p2 = madd(a, p, p2), q2 = madd(a, q, q2);
    a = v128.load32_splat(x, 12);
    p3 = madd(a, p, p3), q3 = madd(a, q, q3);
    a = v128.load32_splat(x, 16);
    p4 = madd(a, p, p4), q4 = madd(a, q, q4);
    a = v128.load32_splat(x, 20);
    p5 = madd(a, p, p5), q5 = madd(a, q, q5);
    x += xStep, y += yStep;
  }
  const step = yStep;
  addEight(out, p0, q0, columns);
  addEight(out + step, p1, q1, columns);
  addEight(out + 2 * step, p2, q2, columns);
  addEight(out + 3 * step, p3, q3, columns);
  addEight(out + 4 * step, p4, q4, columns);
  addEight(out + 5 * step, p5, q5, columns);
}

/** Adds the outer products of 4 columns of x with 8 columns of y. */
function fourOuter(
  x: usize, xStep: usize, y: usize, yStep: usize, out: usize, rows: i32, columns: i32,
): void {
  let p0 = zero(), q0 = p0, p1 = p0, q1 = p0, p2 = p0, q2 = p0, p3 = p0, q3 = p0;
  const step = yStep;
  for (; rows > 0; rows--) {
    const p = v128.load(y), q = v128.load(y, 16);
    let a = v128.load32_splat(x);
    p0 = madd(a, p, p0), q0 = madd(a, q, q0);
    a = v128.load32_splat(x, 4);
    p1 = madd(a, p, p1), q1 = madd(a, q, q1);
    a = v128.load32_splat(x, 8);
    p2 = madd(a, p, p2), q2 = madd(a, q, q2);
    a = v128.load32_splat(x, 12);
    p3 = madd(a, p, p3), q3 = madd(a, q, q3);
    x += xStep, y += yStep;
  }
  addEight(out, p0, q0, columns);
  addEight(out + step, p1, q1, columns);
  addEight(out + 2 * step, p2, q2, columns);
  addEight(out + 3 * step, p3, q3, columns);
}

function oneOuter(
  x: usize,
  xStep: usize,
  y: usize,
  yStep: usize,
  out: usize,
  rows: i32,
  columns: i32,
): void {
  let p0 = zero(), q0 = p0;
  for (; rows > 0; rows--) {
    const a = v128.load32_splat(x);
    p0 = madd(a, v128.load(y), p0), q0 = madd(a, v128.load(y, 16), q0);
    x += xStep, y += yStep;
  }
  addEight(out, p0, q0, columns);
}

/** Adds the first `columns` of eight floats. */
export function addEight(out: usize, left: v128, right: v128, columns: i32): void {
  storeEight(out, f32x4.add(v128.load(out), left), f32x4.add(v128.load(out, 16), right), columns);
}

/** Adds 16 floats. */
// @ts-ignore: decorator
@inline
function addSixteen(out: usize, p: v128, q: v128, r: v128, s: v128): void {
  const a = f32x4.add(v128.load(out), p), b = f32x4.add(v128.load(out, 16), q);
  const c = f32x4.add(v128.load(out, 32), r), d = f32x4.add(v128.load(out, 48), s);
  storePair(out, a, b);
  storePair(out + 32, c, d);
}

/** Adds the outer products of 6 columns of x with 16 columns of y. */
function sixOuterWide(x: usize, xStep: usize, y: usize, yStep: usize, out: usize, rows: i32): void {
  let p0 = zero(), q0 = p0, r0 = p0, s0 = p0;
  let p1 = p0, q1 = p0, r1 = p0, s1 = p0;
  let p2 = p0, q2 = p0, r2 = p0, s2 = p0;
  let p3 = p0, q3 = p0, r3 = p0, s3 = p0;
  let p4 = p0, q4 = p0, r4 = p0, s4 = p0;
  let p5 = p0, q5 = p0, r5 = p0, s5 = p0;
  for (; rows > 0; rows--, x += xStep, y += yStep) {
    const p = v128.load(y), q = v128.load(y, 16), r = v128.load(y, 32), s = v128.load(y, 48);
    let a = v128.load32_splat(x);
    p0 = madd(a, p, p0), q0 = madd(a, q, q0), r0 = madd(a, r, r0), s0 = madd(a, s, s0);
    a = v128.load32_splat(x, 4);
    p1 = madd(a, p, p1), q1 = madd(a, q, q1), r1 = madd(a, r, r1), s1 = madd(a, s, s1);
    a = v128.load32_splat(x, 8);
    p2 = madd(a, p, p2), q2 = madd(a, q, q2), r2 = madd(a, r, r2), s2 = madd(a, s, s2);
    a = v128.load32_splat(x, 12);
    p3 = madd(a, p, p3), q3 = madd(a, q, q3), r3 = madd(a, r, r3), s3 = madd(a, s, s3);
    a = v128.load32_splat(x, 16);
    p4 = madd(a, p, p4), q4 = madd(a, q, q4), r4 = madd(a, r, r4), s4 = madd(a, s, s4);
    a = v128.load32_splat(x, 20);
    p5 = madd(a, p, p5), q5 = madd(a, q, q5), r5 = madd(a, r, r5), s5 = madd(a, s, s5);
  }
  addSixteen(out, p0, q0, r0, s0);
  addSixteen(out + yStep, p1, q1, r1, s1);
  addSixteen(out + 2 * yStep, p2, q2, r2, s2);
  addSixteen(out + 3 * yStep, p3, q3, r3, s3);
  addSixteen(out + 4 * yStep, p4, q4, r4, s4);
  addSixteen(out + 5 * yStep, p5, q5, r5, s5);
}

/** Adds the outer products of 4 columns of x with 16 columns of y. */
function fourOuterWide(x: usize, xStep: usize, y: usize, yStep: usize, out: usize, rows: i32): void {
  let p0 = zero(), q0 = p0, r0 = p0, s0 = p0;
  let p1 = p0, q1 = p0, r1 = p0, s1 = p0;
  let p2 = p0, q2 = p0, r2 = p0, s2 = p0;
  let p3 = p0, q3 = p0, r3 = p0, s3 = p0;
  for (; rows > 0; rows--, x += xStep, y += yStep) {
    const p = v128.load(y), q = v128.load(y, 16), r = v128.load(y, 32), s = v128.load(y, 48);
    let a = v128.load32_splat(x);
    p0 = madd(a, p, p0), q0 = madd(a, q, q0), r0 = madd(a, r, r0), s0 = madd(a, s, s0);
    a = v128.load32_splat(x, 4);
    p1 = madd(a, p, p1), q1 = madd(a, q, q1), r1 = madd(a, r, r1), s1 = madd(a, s, s1);
    a = v128.load32_splat(x, 8);
    p2 = madd(a, p, p2), q2 = madd(a, q, q2), r2 = madd(a, r, r2), s2 = madd(a, s, s2);
    a = v128.load32_splat(x, 12);
    p3 = madd(a, p, p3), q3 = madd(a, q, q3), r3 = madd(a, r, r3), s3 = madd(a, s, s3);
  }
  addSixteen(out, p0, q0, r0, s0);
  addSixteen(out + yStep, p1, q1, r1, s1);
  addSixteen(out + 2 * yStep, p2, q2, r2, s2);
  addSixteen(out + 3 * yStep, p3, q3, r3, s3);
}
