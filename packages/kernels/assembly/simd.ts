// The few SIMD helpers that every kernel is written with. A vector is four float32 of one v128.

/** `a * b + c`, lane by lane; fused into one rounding where the build has relaxed SIMD. */
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** Four zeros. */
export function zero(): v128 {
  return f32x4.splat(0);
}

/**
 * Stores the first `lanes` floats (all four if there are more).
 *
 * Loads may run past the last channel, because the lanes behind it are never stored and memory ends
 * with slack; stores may not.
 */
export function storeLanes(address: usize, value: v128, lanes: i32): void {
  if (lanes >= 4) {
    v128.store(address, value);
  } else {
    storeFew(address, value, lanes);
  }
}

function storeFew(address: usize, value: v128, lanes: i32): void {
  if (lanes > 0) v128.store32_lane(address, value, 0);
  if (lanes > 1) v128.store32_lane(address, value, 1, 4);
  if (lanes > 2) v128.store32_lane(address, value, 2, 8);
}

/** The four vectors at `address`, if `inside`; else zeros: a voxel of the padding. */
export function loadIf(inside: bool, address: usize): v128 {
  return inside ? v128.load(address) : zero();
}

/** Sum of the four lanes, in pairs. */
export function sumLanes(value: v128): f32 {
  return (f32x4.extract_lane(value, 0) + f32x4.extract_lane(value, 1)) +
    (f32x4.extract_lane(value, 2) + f32x4.extract_lane(value, 3));
}

/** Stores eight floats. The two stores stand side by side, so that an engine can make one of them. */
// @ts-ignore: decorator
@inline
export function storePair(address: usize, left: v128, right: v128): void {
  v128.store(address, left);
  v128.store(address, right, 16);
}

/** Stores the first `lanes` of eight floats (all if there are more). */
// @ts-ignore: decorator
@inline
export function storeEight(address: usize, left: v128, right: v128, lanes: i32): void {
  if (lanes >= 8) {
    storePair(address, left, right);
  } else {
    storeLanes(address, left, lanes);
    if (lanes > 4) storeLanes(address + 16, right, lanes - 4);
  }
}
