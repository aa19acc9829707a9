// As depthwise_strip.ts, eight channels at a time: for engines that make one vector of eight floats out of two of four.
import { Source, storeStrip, Taps } from "./depthwise_strip";
import { madd, storePair } from "./simd";

/** Eight floats, to be read in the place of a voxel that is in the padding. */
const ZEROS: usize = memory.data(32);

/** Whether all taps of eight outputs meet voxels along W. */
// @ts-ignore: decorator
@inline
function isInside(source: Source, w: Taps, outputStep: i32): bool {
  const last = w.voxel + (w.count - 1) * w.voxelStep;
  return min(w.voxel, last) >= 0 && max(w.voxel, last) + 7 * outputStep < source.width;
}

/** As `anyStrip`; `bias` is the address of eight floats. */
export function wideStrip(
  source: Source, d: Taps, h: Taps, w: Taps, outputStep: i32, offset: usize, bias: usize,
  y: usize, yStep: usize, outputs: i32, lanes: i32,
): void {
  if (isInside(source, w, outputStep)) {
    insideStrip(source, d, h, w, outputStep, offset, bias, y, yStep, outputs, lanes);
  } else {
    edgeStrip(source, d, h, w, outputStep, offset, bias, y, yStep, outputs, lanes);
  }
}

function insideStrip(
  source: Source, d: Taps, h: Taps, w: Taps, outputStep: i32, offset: usize, bias: usize,
  y: usize, yStep: usize, outputs: i32, lanes: i32,
): void {
  let s0 = v128.load(bias), t0 = v128.load(bias, 16), s1 = s0, t1 = t0, s2 = s0, t2 = t0, s3 = s0, t3 = t0;
  let s4 = s0, t4 = t0, s5 = s0, t5 = t0, s6 = s0, t6 = t0, s7 = s0, t7 = t0;
  const bytes = source.voxelBytes, step = usize(outputStep) * bytes, step3 = 3 * step;
  const voxelStep = usize(w.voxelStep) * bytes, filterStep = usize(w.filterStep) * bytes, taps = w.count;
  for (let i = 0; i < d.count; i++) {
    const z = d.voxel + i * d.voxelStep;
    if (u32(z) >= u32(source.depth)) continue;
    for (let j = 0; j < h.count; j++) {
      const row = h.voxel + j * h.voxelStep;
      if (u32(row) >= u32(source.height)) continue;
      let p = source.voxels + usize((z * source.height + row) * source.width + w.voxel) * bytes + offset;
      const tapRow = (d.filter + i * d.filterStep) * source.kernelHeight + h.filter + j * h.filterStep;
      let f = source.filter + usize(tapRow * source.kernelWidth + w.filter) * bytes + offset;
      for (let k = 0; k < taps; k++, f += filterStep, p += voxelStep) {
        const a = v128.load(f), b = v128.load(f, 16), q = p + step3, r = q + step3;
        s0 = madd(v128.load(p), a, s0), t0 = madd(v128.load(p, 16), b, t0);
        s1 = madd(v128.load(p + step), a, s1), t1 = madd(v128.load(p + step, 16), b, t1);
        s2 = madd(v128.load(p + 2 * step), a, s2), t2 = madd(v128.load(p + 2 * step, 16), b, t2);
        s3 = madd(v128.load(q), a, s3), t3 = madd(v128.load(q, 16), b, t3);
        s4 = madd(v128.load(q + step), a, s4), t4 = madd(v128.load(q + step, 16), b, t4);
        s5 = madd(v128.load(q + 2 * step), a, s5), t5 = madd(v128.load(q + 2 * step, 16), b, t5);
        s6 = madd(v128.load(r), a, s6), t6 = madd(v128.load(r, 16), b, t6);
        s7 = madd(v128.load(r + step), a, s7), t7 = madd(v128.load(r + step, 16), b, t7);
      }
    }
  }
  storeWide(y, yStep, outputs, lanes, s0, s1, s2, s3, s4, s5, s6, s7, t0, t1, t2, t3, t4, t5, t6, t7);
}

/** The address of voxel `v` of a row, or of zeros if the row has none. */
// @ts-ignore: decorator
@inline
function voxelOr(row: usize, v: i32, width: u32, bytes: usize): usize {
  return select(row + usize(v) * bytes, ZEROS, u32(v) < width);
}

function edgeStrip(
  source: Source, d: Taps, h: Taps, w: Taps, outputStep: i32, offset: usize, bias: usize,
  y: usize, yStep: usize, outputs: i32, lanes: i32,
): void {
  let s0 = v128.load(bias), t0 = v128.load(bias, 16), s1 = s0, t1 = t0, s2 = s0, t2 = t0, s3 = s0, t3 = t0;
  let s4 = s0, t4 = t0, s5 = s0, t5 = t0, s6 = s0, t6 = t0, s7 = s0, t7 = t0;
  const bytes = source.voxelBytes, width = u32(source.width), filterStep = usize(w.filterStep) * bytes;
  for (let i = 0; i < d.count; i++) {
    const z = d.voxel + i * d.voxelStep;
    if (u32(z) >= u32(source.depth)) continue;
    for (let j = 0; j < h.count; j++) {
      const row = h.voxel + j * h.voxelStep;
      if (u32(row) >= u32(source.height)) continue;
      const from = source.voxels + usize((z * source.height + row) * i32(width)) * bytes + offset;
      const tapRow = (d.filter + i * d.filterStep) * source.kernelHeight + h.filter + j * h.filterStep;
      let f = source.filter + usize(tapRow * source.kernelWidth + w.filter) * bytes + offset, v = w.voxel;
      for (let k = 0; k < w.count; k++, f += filterStep, v += w.voxelStep) {
        const a = v128.load(f), b = v128.load(f, 16);
        let p = voxelOr(from, v, width, bytes);
        s0 = madd(v128.load(p), a, s0), t0 = madd(v128.load(p, 16), b, t0);
        p = voxelOr(from, v + outputStep, width, bytes);
        s1 = madd(v128.load(p), a, s1), t1 = madd(v128.load(p, 16), b, t1);
        p = voxelOr(from, v + 2 * outputStep, width, bytes);
        s2 = madd(v128.load(p), a, s2), t2 = madd(v128.load(p, 16), b, t2);
        p = voxelOr(from, v + 3 * outputStep, width, bytes);
        s3 = madd(v128.load(p), a, s3), t3 = madd(v128.load(p, 16), b, t3);
        p = voxelOr(from, v + 4 * outputStep, width, bytes);
        s4 = madd(v128.load(p), a, s4), t4 = madd(v128.load(p, 16), b, t4);
        p = voxelOr(from, v + 5 * outputStep, width, bytes);
        s5 = madd(v128.load(p), a, s5), t5 = madd(v128.load(p, 16), b, t5);
        p = voxelOr(from, v + 6 * outputStep, width, bytes);
        s6 = madd(v128.load(p), a, s6), t6 = madd(v128.load(p, 16), b, t6);
        p = voxelOr(from, v + 7 * outputStep, width, bytes);
        s7 = madd(v128.load(p), a, s7), t7 = madd(v128.load(p, 16), b, t7);
      }
    }
  }
  storeWide(y, yStep, outputs, lanes, s0, s1, s2, s3, s4, s5, s6, s7, t0, t1, t2, t3, t4, t5, t6, t7);
}

/** Stores `outputs` of eight outputs, of each the first `lanes` of eight channels: s and, behind it, t. */
// @ts-ignore: decorator
@inline
export function storeWide(
  y: usize, step: usize, outputs: i32, lanes: i32,
  s0: v128, s1: v128, s2: v128, s3: v128, s4: v128, s5: v128, s6: v128, s7: v128,
  t0: v128, t1: v128, t2: v128, t3: v128, t4: v128, t5: v128, t6: v128, t7: v128,
): void {
  if (lanes >= 8 && outputs >= 8) {
    storePair(y, s0, t0);
    storePair(y + step, s1, t1);
    storePair(y + 2 * step, s2, t2);
    storePair(y + 3 * step, s3, t3);
    storePair(y + 4 * step, s4, t4);
    storePair(y + 5 * step, s5, t5);
    storePair(y + 6 * step, s6, t6);
    storePair(y + 7 * step, s7, t7);
  } else {
    storeStrip(y, step, outputs, lanes, s0, s1, s2, s3, s4, s5, s6, s7);
    if (lanes > 4) storeStrip(y + 16, step, outputs, lanes - 4, t0, t1, t2, t3, t4, t5, t6, t7);
  }
}
