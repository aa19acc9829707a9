// The filter gradient of the dense convolution. For one row of the kernel it is a product X^T Y, where a row of X is the
// stretch of input that dense.ts describes.
import { addEight } from "./outer_products";
import { madd, zero } from "./simd";

/** Voxels, in whole lines, that are summed before the sum goes back to memory. */
const VOXELS_PER_SUM: i32 = 128;

/**
 * The gradient in parts: part p is that of the lines `p linesPerPart` and following of the `lines` = N outDepth outHeight,
 * and lies at `out` + p [kernel depth, kernel height, length, columns] floats. Items `begin..end` are the rows of the
 * kernel of all parts, one part behind the other. `length` counts floats here; steps are in bytes, as in denseForward.
 */
export function denseFilterGradient(
  x: usize, dy: usize, out: usize, kernelDepth: i32, kernelHeight: i32, length: i32, columns: i32,
  outDepth: i32, outHeight: i32, outWidth: i32, lines: i32, linesPerPart: i32, tapPlane: i32, tapRow: i32,
  xImage: i32, xDepth: i32, xHeight: i32, xWidth: i32, begin: i32, end: i32,
): void {
  const rows = kernelDepth * kernelHeight, bytes = usize(length) * usize(columns) << 2;
  const most = max(VOXELS_PER_SUM / outWidth, 1);
  for (let item = begin; item < end; item++) {
    const part = item / rows, row = item % rows, target = out + usize(item) * bytes;
    const tap = x + usize(row / kernelHeight * tapPlane + row % kernelHeight * tapRow);
    memory.fill(target, 0, bytes);
    const last = min((part + 1) * linesPerPart, lines);
    for (let line = part * linesPerPart; line < last;) {
      const plane = line / outHeight, h = line % outHeight;
      const from = tap + usize(plane / outDepth * xImage + plane % outDepth * xDepth + h * xHeight);
      const y = dy + (usize(line) * usize(outWidth) * usize(columns) << 2);
      // Lines of one plane are a step apart; the next plane is not.
      const count = min(min(most, outHeight - h), last - line);
      addLines(from, y, target, length, columns, count, outWidth, usize(xHeight), usize(xWidth));
      line += count;
    }
  }
}

/** Adds X^T Y of `lines` lines of `width` voxels. */
function addLines(
  x: usize, y: usize, out: usize, length: i32, columns: i32, lines: i32, width: i32, xHeight: usize, xWidth: usize,
): void {
  const step = usize(columns) << 2;
  for (let k = 0; k < length;) {
    const from = x + (usize(k) << 2), to = out + usize(k) * step, left = length - k;
    for (let j = 0; j < columns; j += 8) {
      const at = usize(j) << 2;
      if (left > 3) sixOuter(from, y + at, to + at, lines, width, xHeight, xWidth, step, left, columns - j);
      else threeOuter(from, y + at, to + at, lines, width, xHeight, xWidth, step, left, columns - j);
    }
    k += left > 3 ? 6 : 3;
  }
}

/** Adds the outer products of 6 columns of x (`rows` of them count) with 8 of y. */
function sixOuter(
  x: usize, y: usize, out: usize, lines: i32, width: i32, xHeight: usize, xWidth: usize, step: usize,
  rows: i32, columns: i32,
): void {
  let p0 = zero(), q0 = p0, p1 = p0, q1 = p0, p2 = p0, q2 = p0;
  let p3 = p0, q3 = p0, p4 = p0, q4 = p0, p5 = p0, q5 = p0;
  for (; lines > 0; lines--, x += xHeight) {
    let from = x;
    for (let w = width; w > 0; w--, from += xWidth, y += step) {
      const p = v128.load(y), q = v128.load(y, 16);
      let a = v128.load32_splat(from);
      p0 = madd(a, p, p0), q0 = madd(a, q, q0);
      a = v128.load32_splat(from, 4);
      p1 = madd(a, p, p1), q1 = madd(a, q, q1);
      a = v128.load32_splat(from, 8);
      p2 = madd(a, p, p2), q2 = madd(a, q, q2);
      a = v128.load32_splat(from, 12);
      p3 = madd(a, p, p3), q3 = madd(a, q, q3);
      a = v128.load32_splat(from, 16);
      p4 = madd(a, p, p4), q4 = madd(a, q, q4);
      a = v128.load32_splat(from, 20);
      p5 = madd(a, p, p5), q5 = madd(a, q, q5);
    }
  }
  addEight(out, p0, q0, columns);
  addEight(out + step, p1, q1, columns);
  addEight(out + 2 * step, p2, q2, columns);
  addEight(out + 3 * step, p3, q3, columns);
  if (rows > 4) addEight(out + 4 * step, p4, q4, columns);
  if (rows > 5) addEight(out + 5 * step, p5, q5, columns);
}

/** Adds the outer products of 3 columns of x (`rows` of them count) with 8 of y. */
function threeOuter(
  x: usize, y: usize, out: usize, lines: i32, width: i32, xHeight: usize, xWidth: usize, step: usize,
  rows: i32, columns: i32,
): void {
  let p0 = zero(), q0 = p0, p1 = p0, q1 = p0, p2 = p0, q2 = p0;
  for (; lines > 0; lines--, x += xHeight) {
    let from = x;
    for (let w = width; w > 0; w--, from += xWidth, y += step) {
      const p = v128.load(y), q = v128.load(y, 16);
      let a = v128.load32_splat(from);
      p0 = madd(a, p, p0), q0 = madd(a, q, q0);
      a = v128.load32_splat(from, 4);
      p1 = madd(a, p, p1), q1 = madd(a, q, q1);
      a = v128.load32_splat(from, 8);
      p2 = madd(a, p, p2), q2 = madd(a, q, q2);
    }
  }
  addEight(out, p0, q0, columns);
  if (rows > 1) addEight(out + step, p1, q1, columns);
  if (rows > 2) addEight(out + 2 * step, p2, q2, columns);
}
