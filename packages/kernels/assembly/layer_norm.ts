// Layer normalisation: the statistics are those of one voxel over its channels.
import { madd, storeLanes, sumLanes, zero } from "./simd";

/** The first `lanes` lanes of a vector; zeros behind them. */
// @ts-ignore: decorator
@inline
function keep(value: v128, lanes: i32): v128 {
  if (lanes >= 4) return value;
  const index = i32x4(0, 1, 2, 3);
  return v128.and(value, i32x4.lt_s(index, i32x4.splat(lanes)));
}

/** y, mean and 1 / sqrt(variance + epsilon) for voxels `begin..end` of x [voxels, channels]. */
export function layerNorm(
  x: usize, gamma: usize, beta: usize, y: usize, mean: usize, reciprocalStd: usize,
  channels: i32, epsilon: f32, begin: i32, end: i32,
): void {
  for (let i = begin; i < end; i++) {
    const row = usize(i) * usize(channels) << 2;
    let sum = zero();
    for (let c = 0; c < channels; c += 4) {
      sum = f32x4.add(sum, keep(v128.load(x + row + (usize(c) << 2)), channels - c));
    }
    const m = sumLanes(sum) / f32(channels), centre = f32x4.splat(m);
    sum = zero();
    for (let c = 0; c < channels; c += 4) {
      const d = keep(f32x4.sub(v128.load(x + row + (usize(c) << 2)), centre), channels - c);
      sum = madd(d, d, sum);
    }
    const r = f32(1) / sqrt<f32>(sumLanes(sum) / f32(channels) + epsilon), scale = f32x4.splat(r);
    store<f32>(mean + (usize(i) << 2), m);
    store<f32>(reciprocalStd + (usize(i) << 2), r);
    for (let c = 0; c < channels; c += 4) {
      const at = usize(c) << 2;
      const normal = f32x4.mul(f32x4.sub(v128.load(x + row + at), centre), scale);
      storeLanes(y + row + at, madd(normal, v128.load(gamma + at), v128.load(beta + at)), channels - c);
    }
  }
}

/** dx for voxels `begin..end`: r (g - mean(g) - n mean(g n)) with g = dy gamma, n = (x - mean) r. */
export function layerNormGradient(
  x: usize, dy: usize, gamma: usize, mean: usize, reciprocalStd: usize, dx: usize,
  channels: i32, begin: i32, end: i32,
): void {
  for (let i = begin; i < end; i++) {
    const row = usize(i) * usize(channels) << 2;
    const centre = v128.load32_splat(mean + (usize(i) << 2));
    const r = v128.load32_splat(reciprocalStd + (usize(i) << 2));
    let sum = zero(), product = sum;
    for (let c = 0; c < channels; c += 4) {
      const at = usize(c) << 2;
      const g = keep(f32x4.mul(v128.load(dy + row + at), v128.load(gamma + at)), channels - c);
      const n = keep(f32x4.mul(f32x4.sub(v128.load(x + row + at), centre), r), channels - c);
      sum = f32x4.add(sum, g), product = madd(g, n, product);
    }
    const a = f32x4.splat(sumLanes(sum) / f32(channels)), b = f32x4.splat(sumLanes(product) / f32(channels));
    for (let c = 0; c < channels; c += 4) {
      const at = usize(c) << 2;
      const g = f32x4.mul(v128.load(dy + row + at), v128.load(gamma + at));
      const n = f32x4.mul(f32x4.sub(v128.load(x + row + at), centre), r);
      const value = f32x4.mul(r, f32x4.sub(f32x4.sub(g, a), f32x4.mul(n, b)));
      storeLanes(dx + row + at, value, channels - c);
    }
  }
}
