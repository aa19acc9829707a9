// Depthwise convolution in 3-D and its adjoint (the transposed convolution, the input gradient), NDHWC.
import { Geometry } from "./depthwise_geometry";
import { anyStrip, Source, Taps } from "./depthwise_strip";
import { wideStrip } from "./depthwise_strip_wide";
import { partStatistics } from "./part_statistics";
import { threadScratch } from "./thread";

// @ts-ignore: decorator
@inline
function part<T>(index: i32): T {
  return changetype<T>(threadScratch + usize(index) * 32);
}

/** The taps of the output at `position`: input voxel `position stride - padding + tap`. */
// @ts-ignore: decorator
@inline
function forwardTaps(taps: Taps, position: i32, kernel: i32, stride: i32, padding: i32): void {
  taps.voxel = position * stride - padding;
  taps.voxelStep = 1;
  taps.filter = 0;
  taps.filterStep = 1;
  taps.count = kernel;
}

/** The taps that reach the input at `position`: every stride-th, each from one output voxel, gathered. */
// @ts-ignore: decorator
@inline
function transposedTaps(taps: Taps, position: i32, kernel: i32, stride: i32, padding: i32): void {
  const filter = (position + padding) % stride;
  taps.voxel = (position + padding - filter) / stride;
  taps.voxelStep = -1;
  taps.filter = filter;
  taps.filterStep = stride;
  taps.count = filter < kernel ? (kernel - filter + stride - 1) / stride : 0;
}

/** Zeros in the place of a bias. */
const NO_BIAS: usize = memory.data(32);

/** Up to eight outputs in all channels. */
// @ts-ignore: decorator
@inline
function strip(
  source: Source, d: Taps, h: Taps, w: Taps, outputStep: i32, bias: usize, y: usize, yStep: usize, outputs: i32,
  channels: i32,
): void {
  for (let c = 0; c < channels; c += WIDE ? 8 : 4) {
    const offset = usize(c) << 2, target = y + offset, start = bias != 0 ? bias + offset : NO_BIAS;
    if (WIDE) wideStrip(source, d, h, w, outputStep, offset, start, target, yStep, outputs, channels - c);
    else anyStrip(source, d, h, w, outputStep, offset, v128.load(start), target, yStep, outputs, channels - c);
  }
}

/** Whether a row is the last of a part whose statistics are asked for. */
// @ts-ignore: decorator
@inline
function endsPart(g: Geometry, row: i32, end: i32): bool {
  return g.statistics != 0 && ((row + 1) % g.partRows == 0 || row + 1 == end);
}

/** The statistics of the part that ends with `row`. */
function rowStatistics(g: Geometry, row: i32, y: usize, width: i32): void {
  const bytes = usize(g.channels) << 2, rowBytes = usize(width) * bytes, part = row / g.partRows;
  const first = part * g.partRows, out = g.statistics + usize(part) * (usize((g.channels + 3) >> 2) * 96);
  partStatistics(y + usize(first) * rowBytes, 1, 0, row + 1 - first, rowBytes, width, bytes, g.channels, out);
}

/**
 * Rows `begin..end` of the output [N outputDepth outputHeight, outputWidth, channels] of a convolution.
 * `bias` may be 0.
 */
export function depthwiseForward(
  x: usize, filter: usize, bias: usize, y: usize, geometry: Geometry, begin: i32, end: i32,
): void {
  const g = geometry, bytes = usize(g.channels) << 2, width = g.outputWidth;
  const d = part<Taps>(0), h = part<Taps>(1), w = part<Taps>(2);
  const source = part<Source>(3);
  source.filter = filter;
  source.depth = g.inputDepth, source.height = g.inputHeight, source.width = g.inputWidth;
  source.kernelHeight = g.kernelHeight, source.kernelWidth = g.kernelWidth;
  source.voxelBytes = bytes;
  for (let row = begin; row < end; row++) {
    const plane = row / g.outputHeight;
    source.voxels = x + usize(plane / g.outputDepth) * usize(g.inputDepth * g.inputHeight * g.inputWidth) * bytes;
    forwardTaps(d, plane % g.outputDepth, g.kernelDepth, g.strideDepth, g.paddingDepth);
    forwardTaps(h, row % g.outputHeight, g.kernelHeight, g.strideHeight, g.paddingHeight);
    const yRow = y + usize(row) * usize(width) * bytes;
    for (let first = 0; first < width; first += 8) {
      forwardTaps(w, first, g.kernelWidth, g.strideWidth, g.paddingWidth);
      strip(source, d, h, w, g.strideWidth, bias, yRow + usize(first) * bytes, bytes, width - first, g.channels);
    }
    if (endsPart(g, row, end)) rowStatistics(g, row, y, width);
  }
}

/**
 * Rows `begin..end` of the input [N inputDepth inputHeight, inputWidth, channels], from `dy` on the output's
 * grid: the adjoint of the convolution with the same filter. Gathers: no voxel is written twice.
 */
export function depthwiseTransposed(
  dy: usize, filter: usize, bias: usize, dx: usize, geometry: Geometry, begin: i32, end: i32,
): void {
  const g = geometry, bytes = usize(g.channels) << 2, width = g.inputWidth, stride = g.strideWidth;
  const d = part<Taps>(0), h = part<Taps>(1), w = part<Taps>(2);
  const source = part<Source>(3);
  source.filter = filter;
  source.depth = g.outputDepth, source.height = g.outputHeight, source.width = g.outputWidth;
  source.kernelHeight = g.kernelHeight, source.kernelWidth = g.kernelWidth;
  source.voxelBytes = bytes;
  for (let row = begin; row < end; row++) {
    const plane = row / g.inputHeight;
    source.voxels = dy + usize(plane / g.inputDepth) * usize(g.outputDepth * g.outputHeight * g.outputWidth) * bytes;
    transposedTaps(d, plane % g.inputDepth, g.kernelDepth, g.strideDepth, g.paddingDepth);
    transposedTaps(h, row % g.inputHeight, g.kernelHeight, g.strideHeight, g.paddingHeight);
    const dxRow = dx + usize(row) * usize(width) * bytes;
    // Voxels that are one stride apart meet the same taps: they form the strips.
    for (let phase = 0; phase < stride; phase++) {
      for (let first = phase; first < width; first += 8 * stride) {
        transposedTaps(w, first, g.kernelWidth, stride, g.paddingWidth);
        const outputs = (width - first + stride - 1) / stride;
        strip(source, d, h, w, 1, bias, dxRow + usize(first) * bytes, usize(stride) * bytes, outputs, g.channels);
      }
    }
    if (endsPart(g, row, end)) rowStatistics(g, row, dx, width);
  }
}
