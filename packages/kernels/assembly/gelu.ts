// The exact (erf) form of GELU, x Phi(x), and its derivative Phi(x) + x phi(x), to a few float32 ulp for every x:
// also in the left tail, where 1 + erf(x / sqrt 2) would cancel.
import { madd, storePair } from "./simd";
import { threadScratch } from "./thread";

/** Constants of the loop, in memory for the reason that exponential.ts gives. */
const CONSTANTS: usize = memory.data<f32>([
  -14.5, // beyond this the tail is 0 in float32
  3,
  1,
  0.3989422804, // 1 / sqrt(2 pi)
  // exp(-r / 2) 2^n: 1 / (2 ln 2), 1.5 2^23 + 127, 1.5 2^23, 2 ln 2 in two parts (the first has few bits), -1 / 2, and the
  // polynomial behind the linear term; see make_gelu_coefficients.py.
  -0.72134752,
  12583039,
  12582912,
  1.38671875,
  -4.2438888e-4,
  -0.5,
  0.12499998263844149,
  -0.020833143573964204,
  0.0026042784993631496,
  -0.00026154408637026234,
  2.1583064339698865e-05,
  // exp(t^2 / 2) Phi(-t), from the highest power of (t - 3) / (t + 3); the last bits are chosen so that there is no bias.
  5.316192255122587e-05,
  0.0001150137759395875,
  -0.0003390120982658118,
  -0.0009832902578637004,
  0.0029043913818895817,
  0.006131940521299839,
  -0.04621328413486481,
  0.12322504073381424,
  -0.20640261471271515,
  0.12151394784450531,
]);

/** The sign of a float32, and everything but its 12 lowest bits. */
const MASKS: usize = memory.data<i32>([-2147483648, -4096]);

/** The `index`-th constant in all lanes. */
// @ts-ignore: decorator
@inline
function constant(index: usize): v128 {
  return v128.load32_splat(CONSTANTS + (index << 2));
}

/** Phi(x) + x phi(x) from the tail Phi(-|x|) and `m` = -|x|, exp(-m^2 / 2). */
// @ts-ignore: decorator
@inline
function slopeOf(x: v128, m: v128, density: v128, tail: v128): v128 {
  const left = madd(f32x4.mul(m, constant(3)), density, tail);
  return v128.bitselect(left, f32x4.sub(constant(2), left), i32x4.shr_s(x, 31));
}

/**
 * Eight floats: gelu to `y`, its derivative to `slope`, or that times `dy` if there is one; 0 stands for none. Two
 * vectors go side by side, so that a constant that is loaded serves both, and neither waits for its own results.
 *
 * With m = -|x|: gelu = max(x, 0) + m Phi(m), and Phi(m) = exp(-m^2 / 2) R(-m). The square is taken in two parts, or its
 * rounding would cost up to 40 ulp. R is a polynomial in s = (t - 3) / (t + 3) with t = -m. Pairs of terms side by side
 * make a shorter chain of dependent instructions than one term after the other.
 */
// @ts-ignore: decorator
@inline
function eight(x: usize, dy: usize, y: usize, slope: usize): void {
  const xa = v128.load(x), xb = v128.load(x, 16);
  let c = v128.load32_splat(MASKS), d = constant(0);
  const ma = f32x4.pmax(v128.or(xa, c), d), mb = f32x4.pmax(v128.or(xb, c), d);
  // The exponent: head^2 + rest = m^2.
  c = v128.load32_splat(MASKS, 4);
  const ha = v128.and(ma, c), hb = v128.and(mb, c);
  const resta = f32x4.mul(f32x4.sub(ma, ha), f32x4.add(ma, ha)), restb = f32x4.mul(f32x4.sub(mb, hb), f32x4.add(mb, hb));
  const sqa = f32x4.mul(ha, ha), sqb = f32x4.mul(hb, hb);
  // Adding 1.5 2^23 + 127 rounds to an integer n, and leaves n + 127 in the low bits, the exponent of 2^n; 0 for the tiniest.
  c = constant(4), d = constant(5);
  let na = madd(sqa, c, d), nb = madd(sqb, c, d);
  c = constant(6);
  na = f32x4.pmax(na, c), nb = f32x4.pmax(nb, c);
  const powera = i32x4.shl(na, 23), powerb = i32x4.shl(nb, 23);
  na = f32x4.sub(na, d), nb = f32x4.sub(nb, d);
  c = constant(7), d = constant(8);
  const ra = f32x4.add(madd(na, d, madd(na, c, sqa)), resta), rb = f32x4.add(madd(nb, d, madd(nb, c, sqb)), restb);
  const r2a = f32x4.mul(ra, ra), r2b = f32x4.mul(rb, rb);
  c = constant(10), d = constant(11);
  let pa = madd(d, ra, c), pb = madd(d, rb, c);
  c = constant(12), d = constant(13);
  let qa = madd(d, ra, c), qb = madd(d, rb, c);
  c = constant(14);
  qa = madd(c, r2a, qa), qb = madd(c, r2b, qb);
  pa = madd(qa, r2a, pa), pb = madd(qb, r2b, pb);
  c = constant(9), d = constant(2);
  pa = f32x4.add(madd(pa, r2a, f32x4.mul(ra, c)), d), pb = f32x4.add(madd(pb, r2b, f32x4.mul(rb, c)), d);
  const densitya = f32x4.mul(pa, powera), densityb = f32x4.mul(pb, powerb);
  // The ratio of the tail and the density.
  c = constant(1);
  const sa = f32x4.div(f32x4.add(ma, c), f32x4.sub(ma, c)), sb = f32x4.div(f32x4.add(mb, c), f32x4.sub(mb, c));
  const s2a = f32x4.mul(sa, sa), s2b = f32x4.mul(sb, sb);
  c = constant(15), d = constant(16);
  pa = madd(c, sa, d), pb = madd(c, sb, d);
  c = constant(17), d = constant(18);
  pa = madd(pa, s2a, madd(c, sa, d)), pb = madd(pb, s2b, madd(c, sb, d));
  c = constant(19), d = constant(20);
  pa = madd(pa, s2a, madd(c, sa, d)), pb = madd(pb, s2b, madd(c, sb, d));
  c = constant(21), d = constant(22);
  pa = madd(pa, s2a, madd(c, sa, d)), pb = madd(pb, s2b, madd(c, sb, d));
  c = constant(23), d = constant(24);
  pa = madd(pa, s2a, madd(c, sa, d)), pb = madd(pb, s2b, madd(c, sb, d));
  const taila = f32x4.mul(densitya, pa), tailb = f32x4.mul(densityb, pb);
  if (y != 0) {
    c = f32x4.splat(0);
    storePair(y, madd(ma, taila, f32x4.pmax(xa, c)), madd(mb, tailb, f32x4.pmax(xb, c)));
  }
  if (slope != 0) {
    let a = slopeOf(xa, ma, densitya, taila), b = slopeOf(xb, mb, densityb, tailb);
    if (dy != 0) a = f32x4.mul(a, v128.load(dy)), b = f32x4.mul(b, v128.load(dy, 16));
    storePair(slope, a, b);
  }
}

/** The address of `count` floats, fewer than eight, as the first of eight in the `place`-th part of the scratch. */
function fewOf(source: usize, place: usize, count: i32): usize {
  const target = threadScratch + (place << 5);
  memory.copy(target, source, usize(count) << 2);
  return target;
}

/** y = x Phi(x) for floats `begin..end`. */
export function gelu(x: usize, y: usize, begin: i32, end: i32): void {
  let i = begin;
  for (; i + 8 <= end; i += 8) {
    const at = usize(i) << 2;
    eight(x + at, 0, y + at, 0);
  }
  const at = usize(i) << 2, few = fewOf(x + at, 0, end - i);
  eight(few, 0, few, 0);
  memory.copy(y + at, few, usize(end - i) << 2);
}

/** dx = dy (Phi(x) + x phi(x)) for floats `begin..end`. */
export function geluGradient(x: usize, dy: usize, dx: usize, begin: i32, end: i32): void {
  let i = begin;
  for (; i + 8 <= end; i += 8) {
    const at = usize(i) << 2;
    eight(x + at, dy + at, 0, dx + at);
  }
  const at = usize(i) << 2, few = fewOf(x + at, 0, end - i);
  eight(few, fewOf(dy + at, 1, end - i), 0, few);
  memory.copy(dx + at, few, usize(end - i) << 2);
}

/** gelu(x) and the derivative in one pass; x may be either of them. */
export function geluAndSlope(x: usize, y: usize, slope: usize, begin: i32, end: i32): void {
  let i = begin;
  for (; i + 8 <= end; i += 8) {
    const at = usize(i) << 2;
    eight(x + at, 0, y + at, slope + at);
  }
  const at = usize(i) << 2, few = fewOf(x + at, 0, end - i), second = threadScratch + 64;
  eight(few, 0, few, second);
  memory.copy(y + at, few, usize(end - i) << 2);
  memory.copy(slope + at, second, usize(end - i) << 2);
}
