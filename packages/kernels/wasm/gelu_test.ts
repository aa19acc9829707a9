import { assert } from "@std/assert";
import { gelu } from "../ops/gelu.ts";
import { tf } from "../tf.ts";
import { registerWasmBackend } from "./register.ts";

/** exp(x^2 / 2) Phi(-x) for x >= 0, in float64: a series near 0, a continued fraction far from it. */
function tail(x: number): number {
  if (x > 2.5) {
    let fraction = 0;
    for (let k = 160; k >= 1; k--) fraction = k / (x + fraction);
    return Math.exp(-x * x / 2) / (x + fraction) / Math.sqrt(2 * Math.PI);
  }
  let term = x;
  let sum = x;
  for (let k = 1; k < 80; k++) sum += term *= x * x / (2 * k + 1);
  return 0.5 - Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI) * sum;
}

function distribution(x: number): number {
  return x < 0 ? tail(-x) : 1 - tail(x);
}

/** Distance from `value` to the next float32 away from zero. */
function ulp(value: number): number {
  return 2 ** Math.max(Math.floor(Math.log2(Math.abs(value))) - 23, -149);
}

/** Every 1/512 in -14..14, rounded to float32 after a shift off the grid. */
const POINTS = Float32Array.from({ length: 28 * 512 }, (_, i) => -14 + (i + 0.3) / 512);
/** Below this a result may flush to zero. */
const SMALLEST_NORMAL = 2 ** -126;

/** Most ulp of error: where products and sums are rounded together, and where each is rounded. */
const BOUNDS = { relaxed_simd: 4, simd: 5, wide_simd: 4 };

for (const variant of ["simd", "relaxed_simd", "wide_simd"] as const) {
  Deno.test(`gelu() is within a few ulp of the exact form in ${variant}`, async () => {
    await registerWasmBackend({ threads: 1, name: `wasm-gelu-${variant}`, variant });
    await tf.setBackend(`wasm-gelu-${variant}`);
    const values = tf.tidy(() => gelu(tf.tensor1d(POINTS)).dataSync());
    const slopes = tf.tidy(() => tf.grad((x) => gelu(x))(tf.tensor1d(POINTS)).dataSync());
    const worst = { value: 0, farValue: 0, slope: 0 };
    for (const [i, x] of POINTS.entries()) {
      const probability = distribution(x);
      const density = Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
      // Where Φ is below the normal range of float32, the results may flush to zero.
      if (probability < SMALLEST_NORMAL) {
        assert(Math.max(Math.abs(values[i]), Math.abs(slopes[i])) < 1e-35);
        continue;
      }
      const exact = x * probability;
      const key = x < -7 ? "farValue" : "value";
      worst[key] = Math.max(worst[key], Math.abs(values[i] - exact) / ulp(exact));
      // The slope passes through 0: its error counts against the larger of its two terms.
      const error = Math.abs(slopes[i] - (probability + x * density));
      const terms = Math.max(probability, Math.abs(x) * density);
      worst.slope = Math.max(worst.slope, error / ulp(terms));
    }
    const bound = BOUNDS[variant];
    assert(worst.value <= bound, `expected at most ${bound} ulp, found ${worst.value}`);
    assert(worst.farValue <= 8, `expected at most 8 ulp, found ${worst.farValue}`);
    assert(worst.slope <= bound, `expected at most ${bound} ulp, found ${worst.slope}`);
  });

  Deno.test(`gelu() keeps NaN and infinity in ${variant}`, async () => {
    await registerWasmBackend({ threads: 1, name: `wasm-gelu-${variant}`, variant });
    await tf.setBackend(`wasm-gelu-${variant}`);
    const points = tf.tensor1d([NaN, Infinity, 100, -100, 0]);
    const values = [...gelu(points).dataSync()];
    const slopes = [...tf.grad((x) => gelu(x))(points).dataSync()];
    assert(Number.isNaN(values[0]) && Number.isNaN(slopes[0]));
    assert(values[1] === Infinity && values[2] === 100 && Math.abs(values[3]) === 0);
    assert(slopes[1] === 1 && slopes[2] === 1 && Math.abs(slopes[3]) === 0 && slopes[4] === 0.5);
    points.dispose();
  });
}
