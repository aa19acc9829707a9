// Copies between grids.
import { storeLanes, zero } from "./simd";

/**
 * Copies the rows `begin..end` of a box of [., middle, inner] rows of `rowBytes`. Addresses and steps are in bytes;
 * row r is at outer (r / inner / middle), middle and inner indices of both sides.
 */
export function copyRows(
  source: usize, target: usize, middle: i32, inner: i32, rowBytes: i32,
  sourceOuter: i32, sourceMiddle: i32, sourceInner: i32, targetOuter: i32, targetMiddle: i32, targetInner: i32,
  begin: i32, end: i32,
): void {
  for (let row = begin; row < end; row++) {
    const k = usize(row % inner), rest = row / inner;
    const j = usize(rest % middle), i = usize(rest / middle);
    memory.copy(
      target + i * usize(targetOuter) + j * usize(targetMiddle) + k * usize(targetInner),
      source + i * usize(sourceOuter) + j * usize(sourceMiddle) + k * usize(sourceInner),
      usize(rowBytes),
    );
  }
}

/** Every stride-th voxel: rows `begin..end` of y [N outDepth outHeight, outWidth, channels]. */
export function subsample(
  x: usize, y: usize, depth: i32, height: i32, width: i32, channels: i32, outDepth: i32, outHeight: i32, outWidth: i32,
  strideDepth: i32, strideHeight: i32, strideWidth: i32, begin: i32, end: i32,
): void {
  const bytes = usize(channels) << 2;
  for (let row = begin; row < end; row++) {
    const plane = row / outHeight, image = plane / outDepth;
    const xPlane = image * depth + plane % outDepth * strideDepth;
    let from = x + usize((xPlane * height + row % outHeight * strideHeight) * width) * bytes;
    let to = y + usize(row * outWidth) * bytes;
    for (let w = 0; w < outWidth; w++, from += usize(strideWidth) * bytes, to += bytes) {
      for (let c = 0; c < channels; c += 4) {
        storeLanes(to + (usize(c) << 2), v128.load(from + (usize(c) << 2)), channels - c);
      }
    }
  }
}

/** Zeros between the voxels, plus a bias (or 0) everywhere: rows `begin..end` of y [N outDepth outHeight, outWidth, .]. */
export function dilate(
  x: usize, bias: usize, y: usize, depth: i32, height: i32, width: i32, channels: i32,
  outDepth: i32, outHeight: i32, outWidth: i32, strideDepth: i32, strideHeight: i32, strideWidth: i32,
  begin: i32, end: i32,
): void {
  const bytes = usize(channels) << 2;
  for (let row = begin; row < end; row++) {
    const plane = row / outHeight, image = plane / outDepth, d = plane % outDepth, h = row % outHeight;
    const onGrid = d % strideDepth == 0 && h % strideHeight == 0 && d / strideDepth < depth && h / strideHeight < height;
    const xRow = x + usize(((image * depth + d / strideDepth) * height + h / strideHeight) * width) * bytes;
    let to = y + usize(row * outWidth) * bytes;
    for (let w = 0; w < outWidth; w++, to += bytes) {
      const hit = onGrid && w % strideWidth == 0 && w / strideWidth < width;
      const from = xRow + usize(w / strideWidth) * bytes;
      for (let c = 0; c < channels; c += 4) {
        const at = usize(c) << 2;
        let value = bias != 0 ? v128.load(bias + at) : zero();
        if (hit) value = f32x4.add(value, v128.load(from + at));
        storeLanes(to + at, value, channels - c);
      }
    }
  }
}
