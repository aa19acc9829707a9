// Dense convolution in 3-D as a matrix product that nobody writes down. Under one row of the kernel (fixed depth and
// height), the values that an output voxel needs lie one behind the other in a padded input: kernel width times
// channels. So six voxels stay in registers, as in matrix_multiply.ts, while their addresses hop from row to row.
import { madd, storeEight } from "./simd";
import { threadScratch } from "./thread";

/**
 * Copies a filter into panels `begin..end` of 8 columns, as packPanels does; rows are kernel depth, height, width and
 * channel. Steps are in floats and may be negative: the adjoint reads the taps from the last to the first.
 */
export function packTaps(
  filter: usize, panels: usize, kernelDepth: i32, kernelHeight: i32, kernelWidth: i32, channels: i32, columns: i32,
  depthStep: i32, heightStep: i32, widthStep: i32, channelStep: i32, columnStep: i32, begin: i32, end: i32,
): void {
  const bytes = usize(kernelDepth * kernelHeight * kernelWidth * channels) << 5;
  for (let panel = begin; panel < end; panel++) {
    let target = panels + usize(panel) * bytes;
    for (let d = 0; d < kernelDepth; d++) {
      for (let h = 0; h < kernelHeight; h++) {
        for (let w = 0; w < kernelWidth; w++) {
          const tap = d * depthStep + h * heightStep + w * widthStep;
          for (let c = 0; c < channels; c++) {
            for (let j = panel * 8; j < panel * 8 + 8; j++, target += 4) {
              const from = filter + (usize(tap + c * channelStep + j * columnStep) << 2);
              store<f32>(target, j < columns ? load<f32>(from) : 0);
            }
          }
        }
      }
    }
  }
}

/** Voxels that are worked on together, so that their input stays in the level-2 cache: whole tiles of 6. */
const VOXELS_PER_BLOCK: i32 = 192;

// The voxel at hand: its place, its window in x and its values in y. Each thread has an instance of its own.
let column: i32 = 0;
let line: i32 = 0;
let voxelX: usize = 0;
let voxelY: usize = 0;

/**
 * The output voxels `begin..end` of a grid of [N outDepth outHeight, outWidth]. Sizes and steps are in bytes, but those
 * of grids and kernels: `length` is one row of the kernel, kernel width times channels; `tapPlane` and `tapRow` lead to
 * the next kernel depth and height; the rest lead to the next output voxel along each axis, in x and in y.
 */
export function denseForward(
  x: usize, panels: usize, y: usize, kernelDepth: i32, kernelHeight: i32, length: i32, columns: i32,
  outDepth: i32, outHeight: i32, outWidth: i32, tapPlane: i32, tapRow: i32,
  xImage: i32, xDepth: i32, xHeight: i32, xWidth: i32, yImage: i32, yDepth: i32, yHeight: i32, yWidth: i32,
  begin: i32, end: i32,
): void {
  const panelBytes = usize(kernelDepth * kernelHeight * (length >> 2)) << 5;
  for (let from = begin; from < end; from += VOXELS_PER_BLOCK) {
    const to = min(from + VOXELS_PER_BLOCK, end);
    for (let j = 0, panel = panels; j < columns; j += 8, panel += panelBytes) {
      line = from / outWidth, column = from % outWidth;
      let isNew = true;
      for (let voxel = from; voxel < to; voxel += 6) {
        for (let i = 0; i < 6; i++) {
          // Past the end, the last voxel again: the same values to the same place.
          if (voxel + i < to) {
            if (isNew) {
              const plane = line / outHeight, image = plane / outDepth, d = plane % outDepth, h = line % outHeight;
              voxelX = x + usize(image * xImage + d * xDepth + h * xHeight + column * xWidth);
              voxelY = y + usize(image * yImage + d * yDepth + h * yHeight + column * yWidth) + (usize(j) << 2);
            } else {
              voxelX += usize(xWidth), voxelY += usize(yWidth);
            }
            isNew = ++column == outWidth;
            if (isNew) line++, column = 0;
          }
          store<usize>(threadScratch + (usize(i) << 2), voxelX);
          store<usize>(threadScratch + (usize(i) << 2), voxelY, 24);
        }
        sixVoxels(panel, kernelDepth, kernelHeight, usize(length), usize(tapPlane), usize(tapRow), columns - j);
      }
    }
  }
}

/** Six voxels, whose addresses lie in the scratch, times a panel of 8 columns. */
function sixVoxels(
  panel: usize, kernelDepth: i32, kernelHeight: i32, length: usize, tapPlane: usize, tapRow: usize, columns: i32,
): void {
  let p0 = f32x4.splat(0), q0 = p0, p1 = p0, q1 = p0, p2 = p0, q2 = p0;
  let p3 = p0, q3 = p0, p4 = p0, q4 = p0, p5 = p0, q5 = p0;
  const bytes = length << 3;
  for (let d = 0; d < kernelDepth; d++) {
    for (let h = 0; h < kernelHeight; h++) {
      const tap = usize(d) * tapPlane + usize(h) * tapRow;
      let a0 = load<usize>(threadScratch) + tap, a1 = load<usize>(threadScratch, 4) + tap;
      let a2 = load<usize>(threadScratch, 8) + tap, a3 = load<usize>(threadScratch, 12) + tap;
      let a4 = load<usize>(threadScratch, 16) + tap, a5 = load<usize>(threadScratch, 20) + tap;
      for (const last = panel + bytes; panel < last; panel += 32) {
        const p = v128.load(panel), q = v128.load(panel, 16);
        let a = v128.load32_splat(a0);
        p0 = madd(a, p, p0), q0 = madd(a, q, q0);
        a = v128.load32_splat(a1);
        p1 = madd(a, p, p1), q1 = madd(a, q, q1);
        a = v128.load32_splat(a2);
        p2 = madd(a, p, p2), q2 = madd(a, q, q2);
        a = v128.load32_splat(a3);
        p3 = madd(a, p, p3), q3 = madd(a, q, q3);
        a = v128.load32_splat(a4);
        p4 = madd(a, p, p4), q4 = madd(a, q, q4);
        a = v128.load32_splat(a5);
        p5 = madd(a, p, p5), q5 = madd(a, q, q5);
        a0 += 4, a1 += 4, a2 += 4, a3 += 4, a4 += 4, a5 += 4;
      }
    }
  }
  storeEight(load<usize>(threadScratch, 24), p0, q0, columns);
  storeEight(load<usize>(threadScratch, 28), p1, q1, columns);
  storeEight(load<usize>(threadScratch, 32), p2, q2, columns);
  storeEight(load<usize>(threadScratch, 36), p3, q3, columns);
  storeEight(load<usize>(threadScratch, 40), p4, q4, columns);
  storeEight(load<usize>(threadScratch, 44), p5, q5, columns);
}
