// What binary cross-entropy and soft Dice of regions are made of, in one pass over the logits, and its gradient in another.
// Neither sigmoid nor target is written. Four voxels are the lanes of one vector, region after region.
import { exponential } from "./exponential";
import { madd, sumLanes, zero } from "./simd";

/** Voxels whose values are summed in float32 before they go to the sums in float64. */
const BLOCK: i32 = 128;

/** 1/3, 1/5, … 1/13: those of the series of the inverse hyperbolic tangent. */
const SERIES: usize = memory.data<f32>([0.33333333, 0.2, 0.14285714, 0.11111111, 0.090909091, 0.076923077]);

// Where the logits and the rows of the table of the four voxels at hand lie. Each thread has an instance of its own.
let voxel0: usize = 0;
let voxel1: usize = 0;
let voxel2: usize = 0;
let voxel3: usize = 0;
let row0: usize = 0;
let row1: usize = 0;
let row2: usize = 0;
let row3: usize = 0;
/** Which of the four voxels count. */
let counted: v128 = i64x2(0, 0);

/**
 * Sums over the voxels `begin..end` of [voxels, regions]. `table` has a row of `regions` float32 for each label from 0 to
 * `rows` - 2 and a last one for all others: 1 where it is in the region. `results` is float64: four rows of `regions`; then
 * 64 bytes for each region to work in. Rows: probability inside, probability, voxels inside, cross-entropy.
 */
export function regionSums(
  logits: usize, labels: usize, ignored: i32, table: usize, rows: i32, regions: i32, results: usize, begin: i32, end: i32,
): void {
  const block = results + (usize(regions) << 5), row = usize(regions) << 4;
  memory.fill(results, 0, usize(regions) << 5);
  for (let from = begin; from < end; from += BLOCK) {
    const to = min(from + BLOCK, end);
    memory.fill(block, 0, 4 * row);
    for (let i = from; i < to; i += 4) {
      const count = min(to - i, 4);
      seekVoxels(logits, regions, i, count);
      seekRows(labels, ignored, table, rows, regions, i, count);
      const own = v128.and(counted, i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count)));
      for (let r = 0; r < regions; r++) {
        const at = usize(r) << 2, sums = block + (usize(r) << 4);
        const x = loadFour(voxel0 + at, voxel1 + at, voxel2 + at, voxel3 + at);
        const inside = loadFour(row0 + at, row1 + at, row2 + at, row3 + at);
        const small = exponential(f32x4.neg(f32x4.abs(x)), zero()), p = sigmoid(x, small);
        const entropy = f32x4.add(f32x4.sub(f32x4.max(x, zero()), f32x4.mul(x, inside)), log1p(small));
        add(sums, f32x4.mul(p, inside), own);
        add(sums + row, p, own);
        add(sums + 2 * row, inside, own);
        add(sums + 3 * row, entropy, own);
      }
    }
    for (let k: usize = 0; k < 4 * usize(regions); k++) {
      const at = results + (k << 3);
      store<f64>(at, load<f64>(at) + f64(sumLanes(v128.load(block + (k << 4)))));
    }
  }
}

/**
 * The gradient for the logits of the voxels `begin..end`. `slopes` is four rows of `regions` rounded up to 4: those of the
 * probability inside, of the probability, of the number of voxels (0, whatever it is) and of the cross-entropy.
 */
export function regionSumsGradient(
  logits: usize, labels: usize, ignored: i32, table: usize, rows: i32, slopes: usize, dx: usize, regions: i32,
  begin: i32, end: i32,
): void {
  const row = usize((regions + 3) & ~3) << 2, one = f32x4.splat(1), shift = dx - logits;
  for (let i = begin; i < end; i += 4) {
    const count = min(end - i, 4);
    seekVoxels(logits, regions, i, count);
    seekRows(labels, ignored, table, rows, regions, i, count);
    for (let r = 0; r < regions; r++) {
      const at = usize(r) << 2, slopeAt = slopes + at;
      const x = loadFour(voxel0 + at, voxel1 + at, voxel2 + at, voxel3 + at);
      const inside = loadFour(row0 + at, row1 + at, row2 + at, row3 + at);
      const p = sigmoid(x, exponential(f32x4.neg(f32x4.abs(x)), zero()));
      const slope = madd(v128.load32_splat(slopeAt), inside, v128.load32_splat(slopeAt + row));
      const entropy = f32x4.mul(v128.load32_splat(slopeAt + 3 * row), f32x4.sub(p, inside));
      const value = v128.and(counted, madd(f32x4.mul(p, f32x4.sub(one, p)), slope, entropy));
      v128.store32_lane(voxel0 + shift + at, value, 0);
      v128.store32_lane(voxel1 + shift + at, value, 1);
      v128.store32_lane(voxel2 + shift + at, value, 2);
      v128.store32_lane(voxel3 + shift + at, value, 3);
    }
  }
}

/** Voxels i to i + 3; past the last of `count`, it again. */
// @ts-ignore: decorator
@inline
function seekVoxels(base: usize, regions: i32, i: i32, count: i32): void {
  const bytes = usize(regions) << 2;
  voxel0 = base + usize(i) * bytes;
  voxel1 = voxel0 + usize(min(count - 1, 1)) * bytes;
  voxel2 = voxel0 + usize(min(count - 1, 2)) * bytes;
  voxel3 = voxel0 + usize(min(count - 1, 3)) * bytes;
}

/** The rows of the table that say which regions the voxels i to i + 3 are in, and which of them count. */
// @ts-ignore: decorator
@inline
function seekRows(labels: usize, ignored: i32, table: usize, rows: i32, regions: i32, i: i32, count: i32): void {
  const first = labels + (usize(i) << 2), bytes = usize(regions) << 2;
  const label0 = load<i32>(first), label1 = load<i32>(first + (usize(min(count - 1, 1)) << 2));
  const label2 = load<i32>(first + (usize(min(count - 1, 2)) << 2));
  const label3 = load<i32>(first + (usize(min(count - 1, 3)) << 2));
  // As unsigned numbers, labels below zero are large.
  row0 = table + usize(min(u32(label0), u32(rows - 1))) * bytes;
  row1 = table + usize(min(u32(label1), u32(rows - 1))) * bytes;
  row2 = table + usize(min(u32(label2), u32(rows - 1))) * bytes;
  row3 = table + usize(min(u32(label3), u32(rows - 1))) * bytes;
  let label = i32x4.splat(label0);
  label = i32x4.replace_lane(label, 1, label1);
  label = i32x4.replace_lane(label, 2, label2);
  label = i32x4.replace_lane(label, 3, label3);
  counted = i32x4.ne(label, i32x4.splat(ignored));
}

// @ts-ignore: decorator
@inline
function loadFour(a: usize, b: usize, c: usize, d: usize): v128 {
  let x = v128.load32_zero(a);
  x = v128.load32_lane(b, x, 1);
  x = v128.load32_lane(c, x, 2);
  return v128.load32_lane(d, x, 3);
}

/** 1 / (1 + exp(-x)), with `small` = exp(-|x|). */
// @ts-ignore: decorator
@inline
function sigmoid(x: v128, small: v128): v128 {
  const one = f32x4.splat(1);
  const top = v128.bitselect(small, one, f32x4.lt(x, zero()));
  return f32x4.div(top, f32x4.add(one, small));
}

/** log(1 + e) for e from 0 to 1: with s = e / (2 + e), at most 1/3, it is 2 (s + s³/3 + s⁵/5 + …). */
// @ts-ignore: decorator
@inline
function log1p(e: v128): v128 {
  const s = f32x4.div(e, f32x4.add(e, f32x4.splat(2))), square = f32x4.mul(s, s);
  let sum = v128.load32_splat(SERIES, 20);
  sum = madd(sum, square, v128.load32_splat(SERIES, 16));
  sum = madd(sum, square, v128.load32_splat(SERIES, 12));
  sum = madd(sum, square, v128.load32_splat(SERIES, 8));
  sum = madd(sum, square, v128.load32_splat(SERIES, 4));
  sum = madd(sum, square, v128.load32_splat(SERIES));
  const twice = f32x4.add(s, s);
  return madd(f32x4.mul(sum, square), twice, twice);
}

// @ts-ignore: decorator
@inline
function add(sums: usize, value: v128, own: v128): void {
  v128.store(sums, f32x4.add(v128.load(sums), v128.and(value, own)));
}
