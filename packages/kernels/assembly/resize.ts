// Trilinear interpolation and its adjoint.
//
// `table` says where each output index reads: 12 bytes with the two neighbours (i32) and the weight of the second (f32),
// for the axes D, H and W one behind the other.
import { madd, storeLanes } from "./simd";

/** Rows `begin..end` of y [N outDepth outHeight, outWidth, channels]. */
export function resizeTrilinear(
  x: usize, table: usize, y: usize, depth: i32, height: i32, width: i32, channels: i32,
  outDepth: i32, outHeight: i32, outWidth: i32, begin: i32, end: i32,
): void {
  const bytes = usize(channels) << 2, columns = table + usize(outDepth + outHeight) * 12;
  for (let row = begin; row < end; row++) {
    const plane = row / outHeight, image = plane / outDepth;
    const z = table + usize(plane % outDepth) * 12, v = table + usize(outDepth + row % outHeight) * 12;
    const far = load<f32>(z, 8), low = load<f32>(v, 8);
    const w0 = f32x4.splat((1 - far) * (1 - low)), w1 = f32x4.splat((1 - far) * low);
    const w2 = f32x4.splat(far * (1 - low)), w3 = f32x4.splat(far * low);
    const near0 = image * depth + load<i32>(z), near1 = image * depth + load<i32>(z, 4);
    const r0 = x + usize((near0 * height + load<i32>(v)) * width) * bytes;
    const r1 = x + usize((near0 * height + load<i32>(v, 4)) * width) * bytes;
    const r2 = x + usize((near1 * height + load<i32>(v)) * width) * bytes;
    const r3 = x + usize((near1 * height + load<i32>(v, 4)) * width) * bytes;
    let to = y + usize(row * outWidth) * bytes;
    for (let w = 0; w < outWidth; w++, to += bytes) {
      const at = columns + usize(w) * 12, a = usize(load<i32>(at)) * bytes, b = usize(load<i32>(at, 4)) * bytes;
      const second = v128.load32_splat(at, 8), first = f32x4.sub(f32x4.splat(1), second);
      for (let c: usize = 0; c < bytes; c += 16) {
        const left = fourRows(r0 + a + c, r1 + a + c, r2 + a + c, r3 + a + c, w0, w1, w2, w3);
        const right = fourRows(r0 + b + c, r1 + b + c, r2 + b + c, r3 + b + c, w0, w1, w2, w3);
        storeLanes(to + c, madd(right, second, f32x4.mul(left, first)), channels - i32(c >> 2));
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function fourRows(
  r0: usize, r1: usize, r2: usize, r3: usize, w0: v128, w1: v128, w2: v128, w3: v128,
): v128 {
  const near = madd(v128.load(r1), w1, f32x4.mul(v128.load(r0), w0));
  return madd(v128.load(r3), w3, madd(v128.load(r2), w2, near));
}

/**
 * Rows `begin..end` of dx [N depth height, width, channels]. `readers` holds for each input index the first output index
 * that reads it and the one past the last (i32), for the axes D and H one behind the other.
 */
export function resizeTrilinearGradient(
  dy: usize, table: usize, readers: usize, dx: usize, depth: i32, height: i32, width: i32, channels: i32,
  outDepth: i32, outHeight: i32, outWidth: i32, begin: i32, end: i32,
): void {
  const bytes = usize(channels) << 2, rows = table + usize(outDepth) * 12, columns = rows + usize(outHeight) * 12;
  for (let row = begin; row < end; row++) {
    const plane = row / height, image = plane / depth, z = plane % depth, v = row % height;
    const target = dx + usize(row * width) * bytes;
    memory.fill(target, 0, usize(width) * bytes);
    const planes = readers + (usize(z) << 3), lines = readers + (usize(depth + v) << 3);
    for (let outZ = load<i32>(planes); outZ < load<i32>(planes, 4); outZ++) {
      const weight = weightOf(table + usize(outZ) * 12, z);
      for (let outV = load<i32>(lines); outV < load<i32>(lines, 4); outV++) {
        const from = dy + usize(((image * outDepth + outZ) * outHeight + outV) * outWidth) * bytes;
        addRow(from, columns, target, weight * weightOf(rows + usize(outV) * 12, v), outWidth, channels);
      }
    }
  }
}

/** The weight of an input index at an output index; both neighbours are the same at the edge. */
// @ts-ignore: decorator
@inline
function weightOf(entry: usize, index: i32): f32 {
  const second = load<f32>(entry, 8);
  return (load<i32>(entry) == index ? 1 - second : 0) + (load<i32>(entry, 4) == index ? second : 0);
}

/** Gives a row of outputs, times a weight, back to the voxels that it was made of. */
function addRow(from: usize, columns: usize, to: usize, weight: f32, outWidth: i32, channels: i32): void {
  const bytes = usize(channels) << 2;
  for (let w = 0; w < outWidth; w++, from += bytes, columns += 12) {
    const a = to + usize(load<i32>(columns)) * bytes, b = to + usize(load<i32>(columns, 4)) * bytes;
    const second = f32x4.splat(weight * load<f32>(columns, 8)), first = f32x4.sub(f32x4.splat(weight), second);
    for (let c: usize = 0; c < bytes; c += 16) {
      const value = v128.load(from + c), lanes = channels - i32(c >> 2);
      storeLanes(a + c, madd(value, first, v128.load(a + c)), lanes);
      storeLanes(b + c, madd(value, second, v128.load(b + c)), lanes);
    }
  }
}
