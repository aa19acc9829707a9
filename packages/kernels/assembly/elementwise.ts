// Element by element, over floats `begin..end` of tensors of one shape.
import { madd, storeEight, storeLanes, zero } from "./simd";

export function add(a: usize, b: usize, y: usize, begin: i32, end: i32): void {
  for (let i = begin; i < end; i += 8) {
    const at = usize(i) << 2, left = f32x4.add(v128.load(a + at), v128.load(b + at));
    storeEight(y + at, left, f32x4.add(v128.load(a + at, 16), v128.load(b + at, 16)), end - i);
  }
}

export function subtract(a: usize, b: usize, y: usize, begin: i32, end: i32): void {
  for (let i = begin; i < end; i += 8) {
    const at = usize(i) << 2, left = f32x4.sub(v128.load(a + at), v128.load(b + at));
    storeEight(y + at, left, f32x4.sub(v128.load(a + at, 16), v128.load(b + at, 16)), end - i);
  }
}

export function multiply(a: usize, b: usize, y: usize, begin: i32, end: i32): void {
  for (let i = begin; i < end; i += 8) {
    const at = usize(i) << 2, left = f32x4.mul(v128.load(a + at), v128.load(b + at));
    storeEight(y + at, left, f32x4.mul(v128.load(a + at, 16), v128.load(b + at, 16)), end - i);
  }
}

/** y = a * factor. */
export function scale(a: usize, y: usize, factor: f32, begin: i32, end: i32): void {
  for (let i = begin; i < end; i += 4) {
    const at = usize(i) << 2;
    storeLanes(y + at, f32x4.mul(v128.load(a + at), f32x4.splat(factor)), end - i);
  }
}

/** y = the sum of `count` arrays of `length` floats that lie one behind the other, in their order. */
export function sumPartials(partials: usize, y: usize, count: i32, length: i32, begin: i32, end: i32): void {
  for (let i = begin; i < end; i += 4) {
    let sum = zero();
    for (let k = 0; k < count; k++) {
      sum = f32x4.add(sum, v128.load(partials + (usize(k) * usize(length) + usize(i) << 2)));
    }
    storeLanes(y + (usize(i) << 2), sum, end - i);
  }
}

/**
 * One step of AdamW. decay = 1 - learningRate weightDecay, rate = learningRate / (1 - beta1^step), root = 1 /
 * sqrt(1 - beta2^step); moments and weights are new arrays.
 */
export function adamwStep(
  weights: usize, gradient: usize, first: usize, second: usize,
  newWeights: usize, newFirst: usize, newSecond: usize,
  decay: f32, beta1: f32, oneMinusBeta1: f32, beta2: f32, oneMinusBeta2: f32, rate: f32, root: f32, epsilon: f32,
  begin: i32, end: i32,
): void {
  for (let i = begin; i < end; i += 4) {
    const at = usize(i) << 2, g = v128.load(gradient + at);
    const m = madd(f32x4.splat(beta1), v128.load(first + at), f32x4.mul(f32x4.splat(oneMinusBeta1), g));
    const squares = f32x4.mul(f32x4.mul(g, g), f32x4.splat(oneMinusBeta2));
    const v = madd(f32x4.splat(beta2), v128.load(second + at), squares);
    const denominator = madd(f32x4.sqrt(v), f32x4.splat(root), f32x4.splat(epsilon));
    const step = f32x4.div(f32x4.mul(f32x4.splat(rate), m), denominator);
    const w = f32x4.sub(f32x4.mul(v128.load(weights + at), f32x4.splat(decay)), step);
    storeLanes(newFirst + at, m, end - i);
    storeLanes(newSecond + at, v, end - i);
    storeLanes(newWeights + at, w, end - i);
  }
}
