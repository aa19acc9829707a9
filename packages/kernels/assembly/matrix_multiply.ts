// Matrix multiplication, C order. A pointwise convolution is Y = X W + bias with one row per voxel.
import { madd, storeEight, storePair } from "./simd";

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
    let j = 0, panel = panels;
    if (WIDE) {
      for (; j + 16 <= columns; j += 16, panel += 2 * panelBytes) {
        twoPanels(a, panel, panelBytes, y + (usize(j) << 2), depth, columns, from, to);
      }
    }
    for (; j < columns; j += 8, panel += panelBytes) {
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

/** Two panels: the columns of y from that at `y` on. */
function twoPanels(
  a: usize, panel: usize, panelBytes: usize, y: usize, depth: i32, columns: i32, from: i32, to: i32,
): void {
  const aStep = usize(depth) << 2, yStep = usize(columns) << 2;
  let row = from, aRow = a + usize(row) * aStep, yRow = y + usize(row) * yStep;
  for (; row + 6 <= to; row += 6, aRow += 6 * aStep, yRow += 6 * yStep) {
    sixRowsWide(aRow, aStep, panel, panelBytes, yRow, yStep, depth);
  }
  for (; row < to; row++, aRow += aStep, yRow += yStep) {
    oneRow(aRow, panel, yRow, depth, 8);
    oneRow(aRow, panel + panelBytes, yRow + 32, depth, 8);
  }
}

/** A tile of 6 rows and 16 columns, for engines that make one vector of eight floats out of two of four. */
function sixRowsWide(
  a: usize, aStep: usize, panel: usize, panelBytes: usize, y: usize, yStep: usize, depth: i32,
): void {
  let next = panel + panelBytes;
  let p0 = v128.load(panel), q0 = v128.load(panel, 16), r0 = v128.load(next), s0 = v128.load(next, 16);
  let p1 = p0, q1 = q0, r1 = r0, s1 = s0, p2 = p0, q2 = q0, r2 = r0, s2 = s0, p3 = p0, q3 = q0, r3 = r0, s3 = s0;
  let p4 = p0, q4 = q0, r4 = r0, s4 = s0, p5 = p0, q5 = q0, r5 = r0, s5 = s0;
  let a0 = a, a1 = a + aStep, a2 = a1 + aStep, a3 = a2 + aStep, a4 = a3 + aStep, a5 = a4 + aStep;
  panel += 32, next += 32;
  for (const last = panel + (usize(depth) << 5); panel < last; panel += 32, next += 32) {
    const p = v128.load(panel), q = v128.load(panel, 16), r = v128.load(next), s = v128.load(next, 16);
    let x = v128.load32_splat(a0);
    p0 = madd(x, p, p0), q0 = madd(x, q, q0), r0 = madd(x, r, r0), s0 = madd(x, s, s0);
    x = v128.load32_splat(a1);
    p1 = madd(x, p, p1), q1 = madd(x, q, q1), r1 = madd(x, r, r1), s1 = madd(x, s, s1);
    x = v128.load32_splat(a2);
    p2 = madd(x, p, p2), q2 = madd(x, q, q2), r2 = madd(x, r, r2), s2 = madd(x, s, s2);
    x = v128.load32_splat(a3);
    p3 = madd(x, p, p3), q3 = madd(x, q, q3), r3 = madd(x, r, r3), s3 = madd(x, s, s3);
    x = v128.load32_splat(a4);
    p4 = madd(x, p, p4), q4 = madd(x, q, q4), r4 = madd(x, r, r4), s4 = madd(x, s, s4);
    x = v128.load32_splat(a5);
    p5 = madd(x, p, p5), q5 = madd(x, q, q5), r5 = madd(x, r, r5), s5 = madd(x, s, s5);
    a0 += 4, a1 += 4, a2 += 4, a3 += 4, a4 += 4, a5 += 4;
  }
  storePair(y, p0, q0);
  storePair(y + 32, r0, s0);
  y += yStep;
  storePair(y, p1, q1);
  storePair(y + 32, r1, s1);
  y += yStep;
  storePair(y, p2, q2);
  storePair(y + 32, r2, s2);
  y += yStep;
  storePair(y, p3, q3);
  storePair(y + 32, r3, s3);
  y += yStep;
  storePair(y, p4, q4);
  storePair(y + 32, r4, s4);
  y += yStep;
  storePair(y, p5, q5);
  storePair(y + 32, r5, s5);
}
