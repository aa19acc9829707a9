// Sums over voxels for each channel: blocks of voxels in float32, the blocks together in float64, so that the result
// is accurate however many voxels there are. `channels` may be any number; results are written for a multiple of 4.
import { madd, zero } from "./simd";

/** Voxels that are summed in float32. */
const BLOCK: i32 = 128;

/** Adds four float32 to four float64. */
// @ts-ignore: decorator
@inline
export function accumulate(sums: usize, value: v128): void {
  v128.store(sums, f64x2.add(v128.load(sums), f64x2.promote_low_f32x4(value)));
  const high = i8x16.shuffle(value, value, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
  v128.store(sums, f64x2.add(v128.load(sums, 16), f64x2.promote_low_f32x4(high)), 16);
}

/** The sum of four channels over a block, in four chains. */
// @ts-ignore: decorator
@inline
export function blockSum(p: usize, step: usize, voxels: i32): v128 {
  let s0 = zero(), s1 = s0, s2 = s0, s3 = s0, i = 0;
  for (; i + 4 <= voxels; i += 4) {
    s0 = f32x4.add(s0, v128.load(p)), p += step;
    s1 = f32x4.add(s1, v128.load(p)), p += step;
    s2 = f32x4.add(s2, v128.load(p)), p += step;
    s3 = f32x4.add(s3, v128.load(p)), p += step;
  }
  for (; i < voxels; i++, p += step) s0 = f32x4.add(s0, v128.load(p));
  return f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
}

/** `sums` [channels] float64 = the sum of voxels `begin..end` of x [voxels, channels]. */
export function channelSums(x: usize, sums: usize, channels: i32, begin: i32, end: i32): void {
  const step = usize(channels) << 2;
  memory.fill(sums, 0, usize(channels + 3 & ~3) << 3);
  for (let from = begin; from < end; from += BLOCK) {
    const block = x + usize(from) * step, voxels = min(BLOCK, end - from);
    for (let c = 0; c < channels; c += 4) {
      accumulate(sums + (usize(c) << 3), blockSum(block + (usize(c) << 2), step, voxels));
    }
  }
}

/**
 * Sums of squared distances from `centre` [channels] float32 of voxels `begin..end`, and of the distances: `sums`
 * [2, channels rounded up to 4] float64, distances first.
 */
export function channelDeviations(
  x: usize, centre: usize, sums: usize, channels: i32, begin: i32, end: i32,
): void {
  const step = usize(channels) << 2, second = usize(channels + 3 & ~3) << 3;
  memory.fill(sums, 0, 2 * second);
  for (let from = begin; from < end; from += BLOCK) {
    const voxels = min(BLOCK, end - from);
    for (let c = 0; c < channels; c += 4) {
      const at = usize(c) << 2, m = v128.load(centre + at);
      let p = x + usize(from) * step + at, i = 0;
      let s0 = zero(), s1 = s0, q0 = s0, q1 = s0;
      for (; i + 2 <= voxels; i += 2) {
        const d = f32x4.sub(v128.load(p), m), e = f32x4.sub(v128.load(p + step), m);
        s0 = f32x4.add(s0, d), q0 = madd(d, d, q0);
        s1 = f32x4.add(s1, e), q1 = madd(e, e, q1);
        p += 2 * step;
      }
      if (i < voxels) {
        const d = f32x4.sub(v128.load(p), m);
        s0 = f32x4.add(s0, d), q0 = madd(d, d, q0);
      }
      accumulate(sums + 2 * at, f32x4.add(s0, s1));
      accumulate(sums + second + 2 * at, f32x4.add(q0, q1));
    }
  }
}

/**
 * The sums of dy and of dy (x - centre) over voxels `begin..end`: `sums` [2, channels rounded up to 4] float64.
 */
export function channelProducts(
  x: usize, dy: usize, centre: usize, sums: usize, channels: i32, begin: i32, end: i32,
): void {
  const step = usize(channels) << 2, second = usize(channels + 3 & ~3) << 3;
  memory.fill(sums, 0, 2 * second);
  for (let from = begin; from < end; from += BLOCK) {
    const voxels = min(BLOCK, end - from), start = usize(from) * step;
    for (let c = 0; c < channels; c += 4) {
      const at = usize(c) << 2, m = v128.load(centre + at);
      let p = x + start + at, g = dy + start + at, i = 0;
      let s0 = zero(), s1 = s0, q0 = s0, q1 = s0;
      for (; i + 2 <= voxels; i += 2) {
        const d = v128.load(g), e = v128.load(g + step);
        s0 = f32x4.add(s0, d), q0 = madd(d, f32x4.sub(v128.load(p), m), q0);
        s1 = f32x4.add(s1, e), q1 = madd(e, f32x4.sub(v128.load(p + step), m), q1);
        p += 2 * step, g += 2 * step;
      }
      if (i < voxels) {
        const d = v128.load(g);
        s0 = f32x4.add(s0, d), q0 = madd(d, f32x4.sub(v128.load(p), m), q0);
      }
      accumulate(sums + 2 * at, f32x4.add(s0, s1));
      accumulate(sums + second + 2 * at, f32x4.add(q0, q1));
    }
  }
}

/** As channelProducts, with a centre and a scale of each voxel: sums of dy and dy (x - centre) scale. */
export function voxelProducts(
  x: usize, dy: usize, centre: usize, scale: usize, sums: usize, channels: i32, begin: i32, end: i32,
): void {
  const step = usize(channels) << 2, second = usize(channels + 3 & ~3) << 3;
  memory.fill(sums, 0, 2 * second);
  for (let from = begin; from < end; from += BLOCK) {
    const to = min(from + BLOCK, end);
    for (let c = 0; c < channels; c += 4) {
      const at = usize(c) << 2;
      let s = zero(), q = s;
      for (let i = from; i < to; i++) {
        const offset = usize(i) * step + at, d = v128.load(dy + offset);
        const m = v128.load32_splat(centre + (usize(i) << 2)), r = v128.load32_splat(scale + (usize(i) << 2));
        s = f32x4.add(s, d), q = madd(d, f32x4.mul(f32x4.sub(v128.load(x + offset), m), r), q);
      }
      accumulate(sums + 2 * at, s);
      accumulate(sums + second + 2 * at, q);
    }
  }
}
