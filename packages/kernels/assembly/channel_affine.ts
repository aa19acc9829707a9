// What the normalisations do to each voxel once the statistics of its channels are known.
import { madd, storeEight } from "./simd";

/** y = (x - centre) scale + shift for voxels `begin..end` of [voxels, channels]; the three are [channels]. */
export function channelAffine(
  x: usize, centre: usize, scale: usize, shift: usize, y: usize, channels: i32, begin: i32, end: i32,
): void {
  for (let i = begin; i < end; i++) {
    const row = usize(i) * usize(channels) << 2;
    for (let c = 0; c < channels; c += 8) {
      const at = usize(c) << 2, from = x + row + at;
      const a = f32x4.sub(v128.load(from), v128.load(centre + at));
      const b = f32x4.sub(v128.load(from, 16), v128.load(centre + at, 16));
      const left = madd(a, v128.load(scale + at), v128.load(shift + at));
      const right = madd(b, v128.load(scale + at, 16), v128.load(shift + at, 16));
      storeEight(y + row + at, left, right, channels - c);
    }
  }
}

/** dx = (dy - dyCentre) scale + (x - centre) slope for voxels `begin..end`. */
export function channelAffineGradient(
  x: usize, dy: usize, centre: usize, dyCentre: usize, scale: usize, slope: usize, dx: usize,
  channels: i32, begin: i32, end: i32,
): void {
  for (let i = begin; i < end; i++) {
    const row = usize(i) * usize(channels) << 2;
    for (let c = 0; c < channels; c += 8) {
      const at = usize(c) << 2, from = x + row + at, g = dy + row + at;
      const a = f32x4.sub(v128.load(from), v128.load(centre + at));
      const b = f32x4.sub(v128.load(from, 16), v128.load(centre + at, 16));
      const da = f32x4.sub(v128.load(g), v128.load(dyCentre + at));
      const db = f32x4.sub(v128.load(g, 16), v128.load(dyCentre + at, 16));
      const left = madd(a, v128.load(slope + at), f32x4.mul(da, v128.load(scale + at)));
      const right = madd(b, v128.load(slope + at, 16), f32x4.mul(db, v128.load(scale + at, 16)));
      storeEight(dx + row + at, left, right, channels - c);
    }
  }
}
