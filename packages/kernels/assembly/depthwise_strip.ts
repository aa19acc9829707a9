// Eight neighbouring voxels along W of a depthwise convolution, four channels at a time: the accumulators stay
// in registers while the taps of all rows pass by. Everything is in bytes.
import { loadIf, madd, storeLanes, zero } from "./simd";

/**
 * How the taps along one axis meet the voxels that are read: tap i of `count` is filter index
 * `filter + i filterStep` and reads voxel `voxel + i voxelStep`, which may lie in the padding.
 */
@unmanaged
export class Taps {
  voxel!: i32;
  voxelStep!: i32;
  filter!: i32;
  filterStep!: i32;
  count!: i32;
}

/** What is read: a grid [depth, height, width] of voxels and a filter [., kernelHeight, kernelWidth]. */
@unmanaged
export class Source {
  /** Address of the image of the batch that is read. */
  voxels!: usize;
  filter!: usize;
  depth!: i32;
  height!: i32;
  width!: i32;
  kernelHeight!: i32;
  kernelWidth!: i32;
  /** Bytes of one voxel and of one filter tap. */
  voxelBytes!: usize;
}

/**
 * Up to eight outputs for any stride, any taps, any width. Output o reads voxel `w.voxel + o outputStep` with
 * its first tap. `offset` is that of the four channels in a voxel.
 */
export function anyStrip(
  source: Source, d: Taps, h: Taps, w: Taps, outputStep: i32, offset: usize, bias: v128,
  y: usize, yStep: usize, outputs: i32, lanes: i32,
): void {
  let s0 = bias, s1 = bias, s2 = bias, s3 = bias, s4 = bias, s5 = bias, s6 = bias, s7 = bias;
  const bytes = source.voxelBytes, width = u32(source.width);
  const step = usize(outputStep) * bytes;
  for (let i = 0; i < d.count; i++) {
    const z = d.voxel + i * d.voxelStep;
    if (u32(z) >= u32(source.depth)) continue;
    for (let j = 0; j < h.count; j++) {
      const row = h.voxel + j * h.voxelStep;
      if (u32(row) >= u32(source.height)) continue;
      const rowAddress = source.voxels + usize(z * source.height + row) * usize(width) * bytes + offset;
      const tapRow = (d.filter + i * d.filterStep) * source.kernelHeight + h.filter + j * h.filterStep;
      let f = source.filter + usize(tapRow * source.kernelWidth + w.filter) * bytes + offset;
      for (let k = 0; k < w.count; k++, f += usize(w.filterStep) * bytes) {
        const tap = v128.load(f);
        let v = w.voxel + k * w.voxelStep;
        let p = rowAddress + usize(v) * bytes;
        if (v >= 0 && v + 7 * outputStep < i32(width)) {
          s0 = madd(v128.load(p), tap, s0), p += step;
          s1 = madd(v128.load(p), tap, s1), p += step;
          s2 = madd(v128.load(p), tap, s2), p += step;
          s3 = madd(v128.load(p), tap, s3), p += step;
          s4 = madd(v128.load(p), tap, s4), p += step;
          s5 = madd(v128.load(p), tap, s5), p += step;
          s6 = madd(v128.load(p), tap, s6), p += step;
          s7 = madd(v128.load(p), tap, s7);
        } else {
          s0 = madd(loadIf(u32(v) < width, p), tap, s0), p += step, v += outputStep;
          s1 = madd(loadIf(u32(v) < width, p), tap, s1), p += step, v += outputStep;
          s2 = madd(loadIf(u32(v) < width, p), tap, s2), p += step, v += outputStep;
          s3 = madd(loadIf(u32(v) < width, p), tap, s3), p += step, v += outputStep;
          if (outputs <= 4) continue;
          s4 = madd(loadIf(u32(v) < width, p), tap, s4), p += step, v += outputStep;
          s5 = madd(loadIf(u32(v) < width, p), tap, s5), p += step, v += outputStep;
          s6 = madd(loadIf(u32(v) < width, p), tap, s6), p += step, v += outputStep;
          s7 = madd(loadIf(u32(v) < width, p), tap, s7);
        }
      }
    }
  }
  storeStrip(y, yStep, outputs, lanes, s0, s1, s2, s3, s4, s5, s6, s7);
}

// @ts-ignore: decorator
@inline
export function storeStrip(
  y: usize, step: usize, outputs: i32, lanes: i32,
  s0: v128, s1: v128, s2: v128, s3: v128, s4: v128, s5: v128, s6: v128, s7: v128,
): void {
  storeLanes(y, s0, lanes);
  if (outputs > 1) storeLanes(y + step, s1, lanes);
  if (outputs > 2) storeLanes(y + 2 * step, s2, lanes);
  if (outputs > 3) storeLanes(y + 3 * step, s3, lanes);
  if (outputs > 4) storeLanes(y + 4 * step, s4, lanes);
  if (outputs > 5) storeLanes(y + 5 * step, s5, lanes);
  if (outputs > 6) storeLanes(y + 6 * step, s6, lanes);
  if (outputs > 7) storeLanes(y + 7 * step, s7, lanes);
}
