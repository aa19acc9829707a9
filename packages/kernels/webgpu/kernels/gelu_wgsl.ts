/**
 * The exact (erf) form of GELU to a few float32 ulp, as in `assembly/gelu.ts`, where the coefficients are from: with
 * m = -|x|, gelu = max(x, 0) + m Φ(m), Φ(m) = exp(-m² / 2) R(-m), R a polynomial in (t - 3) / (t + 3). The square is
 * taken in two parts, or its rounding would cost up to 40 ulp. What is not a number stays none (unless a driver takes for granted that there
 * is none): `max` would drop it, and with it the sign that a training has diverged.
 */
export const GELU_WGSL = `
struct Tail { m: f32, density: f32, tail: f32 }
fn gelu_tail(x: f32) -> Tail {
  let m = select(-abs(x), -14.5, abs(x) > 14.5);
  let head = bitcast<f32>(bitcast<u32>(m) & 0xfffff000u);
  let rest = (m - head) * (m + head);
  let square = head * head;
  let n = max(round(square * -0.72134752), -126.0);
  // 2 ln 2 in two parts, the first 355 / 256: as a product of integers, or compilers put the parts together again.
  let coarse = square + f32(i32(n) * 355) * 0.00390625;
  let r = fma(n, -4.2438888e-4, coarse) + rest;
  let r2 = r * r;
  let low = fma(r, -0.020833143573964204, 0.12499998263844149);
  let high = fma(2.1583064339698865e-05, r2, fma(r, -0.00026154408637026234, 0.0026042784993631496));
  let exponential = fma(fma(high, r2, low), r2, fma(r, -0.5, 1.0));
  let density = exponential * bitcast<f32>(u32(i32(n) + 127) << 23u);
  let s = (m + 3.0) / (m - 3.0);
  var q = 5.316192255122587e-05;
  q = fma(q, s, 0.0001150137759395875);
  q = fma(q, s, -0.0003390120982658118);
  q = fma(q, s, -0.0009832902578637004);
  q = fma(q, s, 0.0029043913818895817);
  q = fma(q, s, 0.006131940521299839);
  q = fma(q, s, -0.04621328413486481);
  q = fma(q, s, 0.12322504073381424);
  q = fma(q, s, -0.20640261471271515);
  q = fma(q, s, 0.12151394784450531);
  return Tail(m, density, density * q);
}
fn gelu(x: f32) -> f32 {
  let t = gelu_tail(x);
  return fma(t.m, t.tail, select(x, 0.0, x < 0.0));
}
fn gelu_slope(x: f32) -> f32 {
  let t = gelu_tail(x);
  let left = fma(t.m * 0.3989422804, t.density, t.tail);
  return select(1.0 - left, left, x < 0.0);
}
`;
