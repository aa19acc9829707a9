// The filter gradient of a depthwise convolution: a correlation of the input with the output's gradient.
import { Geometry } from "./depthwise_geometry";
import { loadIf, madd, storeEight, storeLanes, zero } from "./simd";

/**
 * The part of rows `begin..end` of `dy` [N outputDepth outputHeight, outputWidth, channels] in the gradient
 * `out` [kernelDepth, kernelHeight, kernelWidth, channels]; overwritten.
 */
export function depthwiseFilterGradient(
  x: usize, dy: usize, out: usize, geometry: Geometry, begin: i32, end: i32,
): void {
  const g = geometry, bytes = usize(g.channels) << 2;
  memory.fill(out, 0, usize(g.kernelDepth * g.kernelHeight * g.kernelWidth) * bytes);
  for (let row = begin; row < end; row++) {
    const plane = row / g.outputHeight, image = plane / g.outputDepth;
    const dyRow = dy + usize(row) * usize(g.outputWidth) * bytes;
    for (let i = 0; i < g.kernelDepth; i++) {
      const z = plane % g.outputDepth * g.strideDepth + i - g.paddingDepth;
      if (u32(z) >= u32(g.inputDepth)) continue;
      for (let j = 0; j < g.kernelHeight; j++) {
        const height = row % g.outputHeight * g.strideHeight + j - g.paddingHeight;
        if (u32(height) >= u32(g.inputHeight)) continue;
        const xRow = x + usize(((image * g.inputDepth + z) * g.inputHeight + height) * g.inputWidth) * bytes;
        correlateRow(xRow, dyRow, out + usize((i * g.kernelHeight + j) * g.kernelWidth) * bytes, g);
      }
    }
  }
}

/** All taps along W of one row of the input with one row of the gradient. */
function correlateRow(x: usize, dy: usize, out: usize, g: Geometry): void {
  const bytes = usize(g.channels) << 2, kernel = g.kernelWidth;
  const sliding = g.strideWidth == 1 && g.inputWidth == g.outputWidth && g.paddingWidth == kernel >> 1 &&
    g.outputWidth >= 2 * kernel;
  if (WIDE && !sliding) {
    for (let c = 0; c < g.channels; c += 8) {
      const offset = usize(c) << 2;
      for (let tap = 0; tap < kernel; tap++) {
        const to = out + usize(tap) * bytes + offset;
        oneTapWide(x + offset, dy + offset, to, tap - g.paddingWidth, g, g.channels - c);
      }
    }
    return;
  }
  for (let c = 0; c < g.channels; c += 4) {
    const offset = usize(c) << 2, lanes = g.channels - c;
    if (sliding && kernel == 3) {
      rowTaps3(x + offset, dy + offset, out + offset, g.outputWidth, bytes, lanes);
    } else if (sliding && kernel == 5) {
      rowTaps5(x + offset, dy + offset, out + offset, g.outputWidth, bytes, lanes);
    } else if (sliding && kernel == 7) {
      rowTaps7(x + offset, dy + offset, out + offset, g.outputWidth, bytes, lanes);
    } else {
      for (let tap = 0; tap < kernel; tap++) {
        oneTap(x + offset, dy + offset, out + offset + usize(tap) * bytes, tap - g.paddingWidth, g, lanes);
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function addLanes(out: usize, value: v128, lanes: i32): void {
  storeLanes(out, f32x4.add(v128.load(out), value), lanes);
}

/** One tap: the sum over the output voxels whose input voxel `w stride + shift` exists. */
function oneTap(x: usize, dy: usize, out: usize, shift: i32, g: Geometry, lanes: i32): void {
  const bytes = usize(g.channels) << 2, stride = g.strideWidth;
  let w = shift < 0 ? (stride - 1 - shift) / stride : 0;
  const end = min(g.outputWidth, (g.inputWidth - shift + stride - 1) / stride);
  let p = x + usize(w * stride + shift) * bytes, q = dy + usize(w) * bytes;
  const xStep = usize(stride) * bytes;
  let s0 = zero(), s1 = s0, s2 = s0, s3 = s0;
  for (; w + 4 <= end; w += 4) {
    s0 = madd(v128.load(p), v128.load(q), s0), p += xStep, q += bytes;
    s1 = madd(v128.load(p), v128.load(q), s1), p += xStep, q += bytes;
    s2 = madd(v128.load(p), v128.load(q), s2), p += xStep, q += bytes;
    s3 = madd(v128.load(p), v128.load(q), s3), p += xStep, q += bytes;
  }
  for (; w < end; w++, p += xStep, q += bytes) s0 = madd(v128.load(p), v128.load(q), s0);
  addLanes(out, f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)), lanes);
}

/** As `oneTap`, eight channels at a time. */
function oneTapWide(x: usize, dy: usize, out: usize, shift: i32, g: Geometry, lanes: i32): void {
  const bytes = usize(g.channels) << 2, stride = g.strideWidth;
  let w = shift < 0 ? (stride - 1 - shift) / stride : 0;
  const end = min(g.outputWidth, (g.inputWidth - shift + stride - 1) / stride);
  let p = x + usize(w * stride + shift) * bytes, q = dy + usize(w) * bytes;
  const xStep = usize(stride) * bytes;
  let s0 = zero(), t0 = s0, s1 = s0, t1 = s0, s2 = s0, t2 = s0, s3 = s0, t3 = s0;
  for (; w + 4 <= end; w += 4) {
    s0 = madd(v128.load(p), v128.load(q), s0), t0 = madd(v128.load(p, 16), v128.load(q, 16), t0);
    p += xStep, q += bytes;
    s1 = madd(v128.load(p), v128.load(q), s1), t1 = madd(v128.load(p, 16), v128.load(q, 16), t1);
    p += xStep, q += bytes;
    s2 = madd(v128.load(p), v128.load(q), s2), t2 = madd(v128.load(p, 16), v128.load(q, 16), t2);
    p += xStep, q += bytes;
    s3 = madd(v128.load(p), v128.load(q), s3), t3 = madd(v128.load(p, 16), v128.load(q, 16), t3);
    p += xStep, q += bytes;
  }
  for (; w < end; w++, p += xStep, q += bytes) {
    s0 = madd(v128.load(p), v128.load(q), s0), t0 = madd(v128.load(p, 16), v128.load(q, 16), t0);
  }
  const left = f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
  const right = f32x4.add(f32x4.add(t0, t1), f32x4.add(t2, t3));
  storeEight(out, f32x4.add(v128.load(out), left), f32x4.add(v128.load(out, 16), right), lanes);
}

/** 3 taps, stride 1, padding 1. Two sums for each tap hide the latency of the additions. */
function rowTaps3(x: usize, dy: usize, out: usize, width: i32, bytes: usize, lanes: i32): void {
  let a0 = zero(), a1 = a0, a2 = a0, b0 = a0, b1 = a0, b2 = a0;
  let x0 = zero(), x1 = v128.load(x), q = dy, p = x + bytes, w = 0;
  // x0 and x1 are the voxels w - 1 and w.
  for (; w + 4 < width; w += 4) {
    let g = v128.load(q), x2 = v128.load(p);
    a0 = madd(g, x0, a0), a1 = madd(g, x1, a1), a2 = madd(g, x2, a2);
    g = v128.load(q += bytes), x0 = v128.load(p += bytes);
    b0 = madd(g, x1, b0), b1 = madd(g, x2, b1), b2 = madd(g, x0, b2);
    g = v128.load(q += bytes), x1 = v128.load(p += bytes);
    a0 = madd(g, x2, a0), a1 = madd(g, x0, a1), a2 = madd(g, x1, a2);
    g = v128.load(q += bytes), x2 = v128.load(p += bytes);
    b0 = madd(g, x0, b0), b1 = madd(g, x1, b1), b2 = madd(g, x2, b2);
    x0 = x1, x1 = x2;
    q += bytes, p += bytes;
  }
  for (; w < width; w++, q += bytes, p += bytes) {
    const g = v128.load(q), x2 = loadIf(w + 1 < width, p);
    a0 = madd(g, x0, a0), a1 = madd(g, x1, a1), a2 = madd(g, x2, a2);
    x0 = x1, x1 = x2;
  }
  addLanes(out, f32x4.add(a0, b0), lanes);
  addLanes(out + bytes, f32x4.add(a1, b1), lanes);
  addLanes(out + 2 * bytes, f32x4.add(a2, b2), lanes);
}

/** 5 taps, stride 1, padding 2. */
function rowTaps5(x: usize, dy: usize, out: usize, width: i32, bytes: usize, lanes: i32): void {
  let a0 = zero(), a1 = a0, a2 = a0, a3 = a0, a4 = a0;
  let x0 = zero(), x1 = x0, x2 = v128.load(x), x3 = v128.load(x + bytes), q = dy, p = x + 2 * bytes, w = 0;
  // x0 to x3 are the voxels w - 2 to w + 1.
  for (; w + 6 < width; w += 5) {
    let g = v128.load(q), x4 = v128.load(p);
    a0 = madd(g, x0, a0), a1 = madd(g, x1, a1), a2 = madd(g, x2, a2), a3 = madd(g, x3, a3), a4 = madd(g, x4, a4);
    g = v128.load(q += bytes), x0 = v128.load(p += bytes);
    a0 = madd(g, x1, a0), a1 = madd(g, x2, a1), a2 = madd(g, x3, a2), a3 = madd(g, x4, a3), a4 = madd(g, x0, a4);
    g = v128.load(q += bytes), x1 = v128.load(p += bytes);
    a0 = madd(g, x2, a0), a1 = madd(g, x3, a1), a2 = madd(g, x4, a2), a3 = madd(g, x0, a3), a4 = madd(g, x1, a4);
    g = v128.load(q += bytes), x2 = v128.load(p += bytes);
    a0 = madd(g, x3, a0), a1 = madd(g, x4, a1), a2 = madd(g, x0, a2), a3 = madd(g, x1, a3), a4 = madd(g, x2, a4);
    g = v128.load(q += bytes), x3 = v128.load(p += bytes);
    a0 = madd(g, x4, a0), a1 = madd(g, x0, a1), a2 = madd(g, x1, a2), a3 = madd(g, x2, a3), a4 = madd(g, x3, a4);
    q += bytes, p += bytes;
  }
  for (; w < width; w++, q += bytes, p += bytes) {
    const g = v128.load(q), x4 = loadIf(w + 2 < width, p);
    a0 = madd(g, x0, a0), a1 = madd(g, x1, a1), a2 = madd(g, x2, a2), a3 = madd(g, x3, a3), a4 = madd(g, x4, a4);
    x0 = x1, x1 = x2, x2 = x3, x3 = x4;
  }
  addLanes(out, a0, lanes);
  addLanes(out + bytes, a1, lanes);
  addLanes(out + 2 * bytes, a2, lanes);
  addLanes(out + 3 * bytes, a3, lanes);
  addLanes(out + 4 * bytes, a4, lanes);
}

/** 7 taps, stride 1, padding 3. */
function rowTaps7(x: usize, dy: usize, out: usize, width: i32, bytes: usize, lanes: i32): void {
  let a0 = zero(), a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0;
  let x0 = zero(), x1 = x0, x2 = x0, x3 = v128.load(x), x4 = v128.load(x + bytes), x5 = v128.load(x + 2 * bytes);
  let q = dy, p = x + 3 * bytes, w = 0;
  // x0 to x5 are the voxels w - 3 to w + 2.
  for (; w + 9 < width; w += 7) {
    let g = v128.load(q), x6 = v128.load(p);
    a0 = madd(g, x0, a0), a1 = madd(g, x1, a1), a2 = madd(g, x2, a2), a3 = madd(g, x3, a3);
    a4 = madd(g, x4, a4), a5 = madd(g, x5, a5), a6 = madd(g, x6, a6);
    g = v128.load(q += bytes), x0 = v128.load(p += bytes);
    a0 = madd(g, x1, a0), a1 = madd(g, x2, a1), a2 = madd(g, x3, a2), a3 = madd(g, x4, a3);
    a4 = madd(g, x5, a4), a5 = madd(g, x6, a5), a6 = madd(g, x0, a6);
    g = v128.load(q += bytes), x1 = v128.load(p += bytes);
    a0 = madd(g, x2, a0), a1 = madd(g, x3, a1), a2 = madd(g, x4, a2), a3 = madd(g, x5, a3);
    a4 = madd(g, x6, a4), a5 = madd(g, x0, a5), a6 = madd(g, x1, a6);
    g = v128.load(q += bytes), x2 = v128.load(p += bytes);
    a0 = madd(g, x3, a0), a1 = madd(g, x4, a1), a2 = madd(g, x5, a2), a3 = madd(g, x6, a3);
    a4 = madd(g, x0, a4), a5 = madd(g, x1, a5), a6 = madd(g, x2, a6);
    g = v128.load(q += bytes), x3 = v128.load(p += bytes);
    a0 = madd(g, x4, a0), a1 = madd(g, x5, a1), a2 = madd(g, x6, a2), a3 = madd(g, x0, a3);
    a4 = madd(g, x1, a4), a5 = madd(g, x2, a5), a6 = madd(g, x3, a6);
    g = v128.load(q += bytes), x4 = v128.load(p += bytes);
    a0 = madd(g, x5, a0), a1 = madd(g, x6, a1), a2 = madd(g, x0, a2), a3 = madd(g, x1, a3);
    a4 = madd(g, x2, a4), a5 = madd(g, x3, a5), a6 = madd(g, x4, a6);
    g = v128.load(q += bytes), x5 = v128.load(p += bytes);
    a0 = madd(g, x6, a0), a1 = madd(g, x0, a1), a2 = madd(g, x1, a2), a3 = madd(g, x2, a3);
    a4 = madd(g, x3, a4), a5 = madd(g, x4, a5), a6 = madd(g, x5, a6);
    q += bytes, p += bytes;
  }
  for (; w < width; w++, q += bytes, p += bytes) {
    const g = v128.load(q), x6 = loadIf(w + 3 < width, p);
    a0 = madd(g, x0, a0), a1 = madd(g, x1, a1), a2 = madd(g, x2, a2), a3 = madd(g, x3, a3);
    a4 = madd(g, x4, a4), a5 = madd(g, x5, a5), a6 = madd(g, x6, a6);
    x0 = x1, x1 = x2, x2 = x3, x3 = x4, x4 = x5, x5 = x6;
  }
  addLanes(out, a0, lanes);
  addLanes(out + bytes, a1, lanes);
  addLanes(out + 2 * bytes, a2, lanes);
  addLanes(out + 3 * bytes, a3, lanes);
  addLanes(out + 4 * bytes, a4, lanes);
  addLanes(out + 5 * bytes, a5, lanes);
  addLanes(out + 6 * bytes, a6, lanes);
}
