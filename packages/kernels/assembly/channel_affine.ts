// What the normalisations do to each voxel once the statistics of its channels are known.
import { madd, storeLanes } from "./simd";

/** y = (x - centre) scale + shift for voxels `begin..end` of [voxels, channels]; the three are [channels]. */
export function channelAffine(
  x: usize, centre: usize, scale: usize, shift: usize, y: usize, channels: i32, begin: i32, end: i32,
): void {
  for (let i = begin; i < end; i++) {
    const row = usize(i) * usize(channels) << 2;
    for (let c = 0; c < channels; c += 4) {
      const at = usize(c) << 2;
      const centred = f32x4.sub(v128.load(x + row + at), v128.load(centre + at));
      storeLanes(y + row + at, madd(centred, v128.load(scale + at), v128.load(shift + at)), channels - c);
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
    for (let c = 0; c < channels; c += 4) {
      const at = usize(c) << 2;
      const centred = f32x4.sub(v128.load(x + row + at), v128.load(centre + at));
      const gradient = f32x4.sub(v128.load(dy + row + at), v128.load(dyCentre + at));
      const value = madd(centred, v128.load(slope + at), f32x4.mul(gradient, v128.load(scale + at)));
      storeLanes(dx + row + at, value, channels - c);
    }
  }
}
