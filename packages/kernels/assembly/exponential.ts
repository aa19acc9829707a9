// exp in float32, four at a time, within two units in the last place.
import { madd } from "./simd";

/**
 * The constants lie in memory, because loading one into all lanes is one instruction, and making it from an immediate
 * value is three or four, in every turn of the loop.
 */
const CONSTANTS: usize = memory.data<f32>([
  1.44269504, // 1 / ln 2
  12583039, // 1.5 * 2^23 + 127
  -0.693359375, // - ln 2, in two parts; the first has so few bits that an integer times it is exact
  2.12194440e-4,
  0.00019841270, // 1 / 7!
  0.0013888889, // 1 / 6!
  0.0083333333, // 1 / 5!
  0.041666667, // 1 / 4!
  0.16666667, // 1 / 3!
  0.5,
  1,
  -87.3, // below, exp is no normal number
]);

/**
 * exp(high + low) for high + low in [-inf, 88]; results below the normal range become 0. `high` is exact and may be
 * large, `low` corrects it and is small: so the caller can give an exponent more precisely than float32 holds it.
 */
// @ts-ignore: decorator
@inline
export function exponential(high: v128, low: v128): v128 {
  // Adding the second constant rounds to an integer n, and leaves n + 127 in the low bits: the exponent of 2^n.
  const magic = v128.load32_splat(CONSTANTS, 4);
  const shifted = madd(high, v128.load32_splat(CONSTANTS), magic);
  const n = f32x4.sub(shifted, magic);
  let r = madd(n, v128.load32_splat(CONSTANTS, 8), high);
  r = f32x4.add(madd(n, v128.load32_splat(CONSTANTS, 12), r), low);
  // Pairs of terms side by side: a shorter chain of dependent instructions than one term after the other.
  const r2 = f32x4.mul(r, r);
  const first = madd(v128.load32_splat(CONSTANTS, 32), r, v128.load32_splat(CONSTANTS, 36));
  const second = madd(v128.load32_splat(CONSTANTS, 24), r, v128.load32_splat(CONSTANTS, 28));
  const third = madd(v128.load32_splat(CONSTANTS, 16), r, v128.load32_splat(CONSTANTS, 20));
  let p = madd(madd(third, r2, second), r2, first);
  p = f32x4.add(madd(p, r2, r), v128.load32_splat(CONSTANTS, 40));
  // "Less than" and not "not at least": a NaN must pass through.
  const none = f32x4.lt(high, v128.load32_splat(CONSTANTS, 44));
  return v128.andnot(f32x4.mul(p, i32x4.shl(shifted, 23)), none);
}
