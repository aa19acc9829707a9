// The exact (erf) form of GELU, x Phi(x), and its derivative Phi(x) + x phi(x), to a few float32 ulp for every x:
// also in the left tail, where 1 + erf(x / sqrt 2) would cancel.
import { exponential } from "./exponential";
import { madd, storeLanes } from "./simd";

/** Beyond this |x| the tail is 0 in float32. */
const LAST: f32 = 14.5;

/** exp(-t^2 / 2): the square is taken in two parts, or its rounding would cost up to 40 ulp. */
// @ts-ignore: decorator
@inline
function gaussian(t: v128): v128 {
  const head = v128.and(t, i32x4.splat(0xfffff000));
  const rest = f32x4.mul(f32x4.sub(t, head), f32x4.add(t, head));
  const half = f32x4.splat(-0.5);
  return exponential(f32x4.mul(f32x4.mul(head, head), half), f32x4.mul(rest, half));
}

/** exp(t^2 / 2) Phi(-t) for t in [0, LAST]: a polynomial in (t - 3) / (t + 3); see make_gelu_coefficients.py. */
// @ts-ignore: decorator
@inline
function tailRatio(t: v128): v128 {
  const three = f32x4.splat(3);
  const s = f32x4.div(f32x4.sub(t, three), f32x4.add(t, three));
  let p = f32x4.splat(5.316192618920468e-05);
  p = madd(p, s, f32x4.splat(0.0001150136740761809));
  p = madd(p, s, f32x4.splat(-0.0003390128549654037));
  p = madd(p, s, f32x4.splat(-0.0009832881623879075));
  p = madd(p, s, f32x4.splat(0.0029043874237686396));
  p = madd(p, s, f32x4.splat(0.006131942383944988));
  p = madd(p, s, f32x4.splat(-0.046213261783123016));
  p = madd(p, s, f32x4.splat(0.12322504073381424));
  p = madd(p, s, f32x4.splat(-0.20640261471271515));
  return madd(p, s, f32x4.splat(0.12151394784450531));
}

/** Phi(x) from the density without its factor, `density` = exp(-t^2 / 2), at t = |x|. */
// @ts-ignore: decorator
@inline
function distribution(x: v128, t: v128, density: v128): v128 {
  const tail = f32x4.mul(density, tailRatio(t));
  return v128.bitselect(tail, f32x4.sub(f32x4.splat(1), tail), f32x4.lt(x, f32x4.splat(0)));
}

/** y = x Phi(x) for floats `begin..end`. */
export function gelu(x: usize, y: usize, begin: i32, end: i32): void {
  for (let i = begin; i < end; i += 4) {
    const at = usize(i) << 2;
    const v = v128.load(x + at), t = f32x4.min(f32x4.abs(v), f32x4.splat(LAST));
    storeLanes(y + at, f32x4.mul(v, distribution(v, t, gaussian(t))), end - i);
  }
}

/** dx = dy (Phi(x) + x phi(x)) for floats `begin..end`. */
export function geluGradient(x: usize, dy: usize, dx: usize, begin: i32, end: i32): void {
  for (let i = begin; i < end; i += 4) {
    const at = usize(i) << 2;
    const v = v128.load(x + at), t = f32x4.min(f32x4.abs(v), f32x4.splat(LAST));
    const density = gaussian(t);
    const clamped = f32x4.max(f32x4.min(v, f32x4.splat(LAST)), f32x4.splat(-LAST));
    const slope = madd(f32x4.mul(clamped, f32x4.splat(0.3989422804)), density, distribution(v, t, density));
    storeLanes(dx + at, f32x4.mul(v128.load(dy + at), slope), end - i);
  }
}
