// Matrix multiplication, C order. A pointwise convolution is Y = X W + bias with one row per voxel.
import { madd, storeLanes, zero } from "./simd";

/**
 * Copies the right-hand matrix [depth, columns] into panels of 8 columns, so that the inner loop reads it
 * in order. A panel is (1 + depth) rows of 8 floats; row 0 is the bias (zeros if `bias` is 0), and columns
 * past the last are zeros. The element (k, j) is read at `source + 4 (k rowStep + j columnStep)`, so the
 * transposed matrix needs no copy of its own.
 */
export function packPanels(
  source: usize,
  bias: usize,
  panels: usize,
  depth: i32,
  columns: i32,
  rowStep: i32,
  columnStep: i32,
  begin: i32,
  end: i32,
): void {
  for (let panel = begin; panel < end; panel++) {
    let target = panels + usize(panel) * usize(depth + 1) * 32;
    const first = panel * 8;
    for (let j = first; j < first + 8; j++, target += 4) {
      store<f32>(target, bias != 0 && j < columns ? load<f32>(bias + (usize(j) << 2)) : 0);
    }
    for (let k = 0; k < depth; k++) {
      let from = source + (usize(k * rowStep + first * columnStep) << 2);
      for (let j = first; j < first + 8; j++, target += 4, from += usize(columnStep) << 2) {
        store<f32>(target, j < columns ? load<f32>(from) : 0);
      }
    }
  }
}

/** Rows of the left-hand matrix that are worked on together, so that they stay in the level-2 cache. */
function rowsPerBlock(depth: i32): i32 {
  const rows = 65536 / max(depth, 1);
  return max(rows - rows % 6, 6);
}

/** Y[begin..end) = A B + bias: `a` [rows, depth], `panels` as packPanels leaves them, `y` [rows, columns]. */
export function multiplyPanels(
  a: usize,
  panels: usize,
  y: usize,
  depth: i32,
  columns: i32,
  begin: i32,
  end: i32,
): void {
  const block = rowsPerBlock(depth), aStep = usize(depth) << 2, yStep = usize(columns) << 2;
  const panelBytes = usize(depth + 1) * 32;
  for (let from = begin; from < end; from += block) {
    const to = min(from + block, end);
    for (let j = 0, panel = panels; j < columns; j += 8, panel += panelBytes) {
      let row = from;
      let aRow = a + usize(row) * aStep, yRow = y + usize(row) * yStep + (usize(j) << 2);
      for (; row + 6 <= to; row += 6, aRow += 6 * aStep, yRow += 6 * yStep) {
        sixRows(aRow, aStep, panel, yRow, yStep, depth, columns - j);
      }
      for (; row < to; row++, aRow += aStep, yRow += yStep) {
        oneRow(aRow, panel, yRow, depth, columns - j);
      }
    }
  }
}

/** A tile of 6 rows and 8 columns: 12 accumulators stay in registers. */
function sixRows(
  a: usize,
  aStep: usize,
  panel: usize,
  y: usize,
  yStep: usize,
  depth: i32,
  columns: i32,
): void {
  let p0 = v128.load(panel), q0 = v128.load(panel, 16);
  let p1 = p0, q1 = q0, p2 = p0, q2 = q0, p3 = p0, q3 = q0, p4 = p0, q4 = q0, p5 = p0, q5 = q0;
  let a0 = a, a1 = a + aStep, a2 = a1 + aStep, a3 = a2 + aStep, a4 = a3 + aStep, a5 = a4 + aStep;
  panel += 32;
  for (const last = panel + (usize(depth) << 5); panel < last; panel += 32) {
    const p = v128.load(panel), q = v128.load(panel, 16);
    let x = v128.load32_splat(a0);
    p0 = madd(x, p, p0), q0 = madd(x, q, q0);
    x = v128.load32_splat(a1);
    p1 = madd(x, p, p1), q1 = madd(x, q, q1);
    x = v128.load32_splat(a2);
    p2 = madd(x, p, p2), q2 = madd(x, q, q2);
    x = v128.load32_splat(a3);
    p3 = madd(x, p, p3), q3 = madd(x, q, q3);
    x = v128.load32_splat(a4);
    p4 = madd(x, p, p4), q4 = madd(x, q, q4);
    x = v128.load32_splat(a5);
    p5 = madd(x, p, p5), q5 = madd(x, q, q5);
    a0 += 4, a1 += 4, a2 += 4, a3 += 4, a4 += 4, a5 += 4;
  }
  storeEight(y, p0, q0, columns);
  storeEight(y + yStep, p1, q1, columns);
  storeEight(y + 2 * yStep, p2, q2, columns);
  storeEight(y + 3 * yStep, p3, q3, columns);
  storeEight(y + 4 * yStep, p4, q4, columns);
  storeEight(y + 5 * yStep, p5, q5, columns);
}

function oneRow(a: usize, panel: usize, y: usize, depth: i32, columns: i32): void {
  let p0 = v128.load(panel), q0 = v128.load(panel, 16);
  panel += 32;
  for (const last = a + (usize(depth) << 2); a < last; a += 4, panel += 32) {
    const x = v128.load32_splat(a);
    p0 = madd(x, v128.load(panel), p0), q0 = madd(x, v128.load(panel, 16), q0);
  }
  storeEight(y, p0, q0, columns);
}

function storeEight(y: usize, left: v128, right: v128, columns: i32): void {
  if (columns >= 8) {
    v128.store(y, left);
    v128.store(y, right, 16);
  } else {
    storeLanes(y, left, columns);
    if (columns > 4) storeLanes(y + 16, right, columns - 4);
  }
}

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
      for (let j = 0; j < columns; j += 8) {
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

function addEight(out: usize, left: v128, right: v128, columns: i32): void {
  storeEight(out, f32x4.add(v128.load(out), left), f32x4.add(v128.load(out, 16), right), columns);
}
