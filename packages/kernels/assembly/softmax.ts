// Softmax over the last axis.
import { exponential } from "./exponential";
import { storeLanes, sumLanes, zero } from "./simd";

/** y = softmax(x) for rows `begin..end` of [rows, classes]. */
export function softmax(x: usize, y: usize, classes: i32, begin: i32, end: i32): void {
  const lanes = i32x4(0, 1, 2, 3);
  for (let i = begin; i < end; i++) {
    const row = usize(i) * usize(classes) << 2;
    let largest: f32 = -Infinity;
    for (let c = 0; c < classes; c++) largest = max<f32>(largest, load<f32>(x + row + (usize(c) << 2)));
    let sum = zero();
    for (let c = 0; c < classes; c += 4) {
      const at = row + (usize(c) << 2);
      const e = exponential(f32x4.sub(v128.load(x + at), f32x4.splat(largest)), zero());
      // Lanes past the last class hold the next row: they do not count.
      sum = f32x4.add(sum, v128.and(e, i32x4.lt_s(lanes, i32x4.splat(classes - c))));
      storeLanes(y + at, e, classes - c);
    }
    const total = f32x4.splat(sumLanes(sum));
    for (let c = 0; c < classes; c += 4) {
      const at = row + (usize(c) << 2);
      storeLanes(y + at, f32x4.div(v128.load(y + at), total), classes - c);
    }
  }
}
