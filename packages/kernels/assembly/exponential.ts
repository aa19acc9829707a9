// exp in float32, four at a time, within two units in the last place.
import { madd } from "./simd";

/**
 * exp(high + low) for high + low in [-inf, 88]; results below the normal range become 0. `high` is exact and may be
 * large, `low` corrects it and is small: so the caller can give an exponent more precisely than float32 holds it.
 */
// @ts-ignore: decorator
@inline
export function exponential(high: v128, low: v128): v128 {
  const n = f32x4.nearest(f32x4.mul(high, f32x4.splat(1.44269504)));
  // ln 2 in two parts; the first has so few bits that n times it is exact.
  let r = madd(n, f32x4.splat(-0.693359375), high);
  r = madd(n, f32x4.splat(2.12194440e-4), r);
  r = f32x4.add(r, low);
  let p = f32x4.splat(1.0 / 5040);
  p = madd(p, r, f32x4.splat(1.0 / 720));
  p = madd(p, r, f32x4.splat(1.0 / 120));
  p = madd(p, r, f32x4.splat(1.0 / 24));
  p = madd(p, r, f32x4.splat(1.0 / 6));
  p = madd(p, r, f32x4.splat(0.5));
  p = madd(f32x4.mul(p, r), r, r);
  p = f32x4.add(p, f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  // Not "less or equal" but "not greater": a NaN must pass through.
  return v128.andnot(f32x4.mul(p, power), f32x4.lt(high, f32x4.splat(-87.3)));
}
