// The exact (erf) form of GELU, x Phi(x), and its derivative Phi(x) + x phi(x), to a few float32 ulp for every x:
// also in the left tail, where 1 + erf(x / sqrt 2) would cancel.
import { exponential } from "./exponential";
import { madd, storeLanes } from "./simd";

/** Constants of the loops, in memory for the reason that exponential.ts gives. */
const CONSTANTS: usize = memory.data<f32>([
  14.5, // beyond this |x| the tail is 0 in float32
  -0.5,
  0.3989422804, // 1 / sqrt(2 pi)
  1,
  3,
  // The polynomial of tailRatio, from the highest power; see make_gelu_coefficients.py.
  5.316192618920468e-05,
  0.0001150136740761809,
  -0.0003390128549654037,
  -0.0009832881623879075,
  0.0029043874237686396,
  0.006131942383944988,
  -0.046213261783123016,
  0.12322504073381424,
  -0.20640261471271515,
  0.12151394784450531,
  -14.5,
]);

/** The `index`-th constant in all lanes. */
// @ts-ignore: decorator
@inline
function constant(index: usize): v128 {
  return v128.load32_splat(CONSTANTS + (index << 2));
}

/** exp(-t^2 / 2): the square is taken in two parts, or its rounding would cost up to 40 ulp. */
// @ts-ignore: decorator
@inline
function gaussian(t: v128): v128 {
  // t without its 12 lowest bits.
  const head = i32x4.shl(i32x4.shr_u(t, 12), 12);
  const rest = f32x4.mul(f32x4.sub(t, head), f32x4.add(t, head));
  const half = constant(1);
  return exponential(f32x4.mul(f32x4.mul(head, head), half), f32x4.mul(rest, half));
}

/** exp(t^2 / 2) Phi(-t) for t in [0, 14.5]: a polynomial in (t - 3) / (t + 3). */
// @ts-ignore: decorator
@inline
function tailRatio(t: v128): v128 {
  const three = constant(4);
  const s = f32x4.div(f32x4.sub(t, three), f32x4.add(t, three));
  // Pairs of terms side by side, as in exponential.ts.
  const s2 = f32x4.mul(s, s), s4 = f32x4.mul(s2, s2);
  const p0 = madd(constant(13), s, constant(14)), p2 = madd(constant(11), s, constant(12));
  const p4 = madd(constant(9), s, constant(10)), p6 = madd(constant(7), s, constant(8));
  const p8 = madd(constant(5), s, constant(6));
  return madd(madd(p8, s4, madd(p6, s2, p4)), s4, madd(p2, s2, p0));
}

/** Phi(x) from the density without its factor, `density` = exp(-t^2 / 2), at t = |x|. */
// @ts-ignore: decorator
@inline
function distribution(x: v128, t: v128, density: v128): v128 {
  const tail = f32x4.mul(density, tailRatio(t));
  return v128.bitselect(tail, f32x4.sub(constant(3), tail), i32x4.shr_s(x, 31));
}

/** y = x Phi(x) for floats `begin..end`. */
export function gelu(x: usize, y: usize, begin: i32, end: i32): void {
  for (let i = begin; i < end; i += 4) {
    const at = usize(i) << 2;
    const v = v128.load(x + at), t = f32x4.pmin(f32x4.abs(v), constant(0));
    storeLanes(y + at, f32x4.mul(v, distribution(v, t, gaussian(t))), end - i);
  }
}

/** dx = dy (Phi(x) + x phi(x)) for floats `begin..end`. */
export function geluGradient(x: usize, dy: usize, dx: usize, begin: i32, end: i32): void {
  for (let i = begin; i < end; i += 4) {
    const at = usize(i) << 2;
    const v = v128.load(x + at), t = f32x4.pmin(f32x4.abs(v), constant(0));
    const density = gaussian(t);
    const clamped = f32x4.pmax(f32x4.pmin(v, constant(0)), constant(15));
    const slope = madd(f32x4.mul(clamped, constant(2)), density, distribution(v, t, density));
    storeLanes(dx + at, f32x4.mul(v128.load(dy + at), slope), end - i);
  }
}

/** gelu(x) and the derivative in one pass; x may be either of them. */
export function geluAndSlope(x: usize, y: usize, slope: usize, begin: i32, end: i32): void {
  for (let i = begin; i < end; i += 4) {
    const at = usize(i) << 2;
    const v = v128.load(x + at), t = f32x4.pmin(f32x4.abs(v), constant(0));
    const density = gaussian(t), phi = distribution(v, t, density);
    const clamped = f32x4.pmax(f32x4.pmin(v, constant(0)), constant(15));
    storeLanes(y + at, f32x4.mul(v, phi), end - i);
    storeLanes(slope + at, madd(f32x4.mul(clamped, constant(2)), density, phi), end - i);
  }
}
