// Mean and spread of each channel over a part of a convolution's output, taken while it is still in the cache: first the
// mean, then the distances from it, so that nothing cancels. The host puts the parts together.
import { accumulate, blockSum } from "./channel_statistics";
import { madd, zero } from "./simd";

/** Sums of the distances from `centre` and of their squares, of four channels over a row of `voxels`. */
// @ts-ignore: decorator
@inline
function addDeviations(p: usize, step: usize, voxels: i32, centre: v128, sums: usize, squares: usize): void {
  let s0 = zero(), s1 = s0, q0 = s0, q1 = s0, i = 0;
  for (; i + 2 <= voxels; i += 2) {
    const d = f32x4.sub(v128.load(p), centre), e = f32x4.sub(v128.load(p + step), centre);
    s0 = f32x4.add(s0, d), q0 = madd(d, d, q0);
    s1 = f32x4.add(s1, e), q1 = madd(e, e, q1);
    p += 2 * step;
  }
  if (i < voxels) {
    const d = f32x4.sub(v128.load(p), centre);
    s0 = f32x4.add(s0, d), q0 = madd(d, d, q0);
  }
  accumulate(sums, f32x4.add(s0, s1));
  accumulate(squares, f32x4.add(q0, q1));
}

/**
 * Of `planes` times `rows` rows of `width` voxels, `step` bytes apart, in `channels` channels, filled up to a multiple of
 * four in `out`: float64 each, a mean (of float32 precision), the sum of the distances from it, and that of their squares.
 */
export function partStatistics(
  y: usize, planes: i32, planeBytes: usize, rows: i32, rowBytes: usize, width: i32, step: usize, channels: i32, out: usize,
): void {
  const quads = (channels + 3) >> 2, kind = usize(quads) << 5, count = f64x2.splat(f64(planes * rows * width));
  memory.fill(out, 0, 3 * kind);
  for (let quad = 0; quad < quads; quad++) {
    const from = y + (usize(quad) << 4), mean = out + (usize(quad) << 5);
    for (let i = 0; i < planes; i++) {
      for (let j = 0; j < rows; j++) {
        accumulate(mean, blockSum(from + usize(i) * planeBytes + usize(j) * rowBytes, step, width));
      }
    }
    const low = f32x4.demote_f64x2_zero(f64x2.div(v128.load(mean), count));
    const high = f32x4.demote_f64x2_zero(f64x2.div(v128.load(mean, 16), count));
    v128.store(mean, f64x2.promote_low_f32x4(low));
    v128.store(mean, f64x2.promote_low_f32x4(high), 16);
    const centre = i8x16.shuffle(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
    for (let i = 0; i < planes; i++) {
      for (let j = 0; j < rows; j++) {
        const p = from + usize(i) * planeBytes + usize(j) * rowBytes;
        addDeviations(p, step, width, centre, mean + kind, mean + 2 * kind);
      }
    }
  }
}
