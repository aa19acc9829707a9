// Depthwise convolution at stride 1, where outputs and inputs have one grid along W: block by block of planes and rows, 16
// channels at a time. A block's voxels are first copied, with zeros at both ends of the rows, so that four channels of a row
// lie one behind the other: strips then read memory in order, out of a level-1 cache, whatever the sizes are.
import { Geometry } from "./depthwise_geometry";
import { storeStrip } from "./depthwise_strip";
import { storeWide } from "./depthwise_strip_wide";
import { partStatistics } from "./part_statistics";
import { madd, storePair, zero } from "./simd";
import { threadIndex, threadScratch } from "./thread";

/** LANES channels of a block in the scratch, and which of its planes and rows an output meets. */
@unmanaged
class Block {
  voxels!: usize;
  filter!: usize;
  planeBytes!: usize;
  rowBytes!: usize;
  kernelHeight!: i32;
  /** Taps whose voxels are inside the volume, along D and along H. */
  firstPlane!: i32;
  lastPlane!: i32;
  firstRow!: i32;
  lastRow!: i32;
}

/** Channels of a strip, whose outputs take eight registers: of eight floats where the engine makes such, else of four. */
const LANES: i32 = WIDE ? 8 : 4;
/** Bytes of as many channels: those of a voxel in the scratch. */
const VOXEL: usize = LANES << 2;

/** Zeros in the place of a bias. */
const NO_BIAS: usize = memory.data(32);

/** Copies the channels of `count` voxels, in `groups` groups of LANES, to as many rows that are `step` bytes apart. */
function unravel(from: usize, voxelBytes: usize, count: i32, to: usize, step: usize, groups: i32): void {
  if (WIDE && groups == 2) {
    for (; count > 0; count--, from += voxelBytes, to += 32) {
      const a = v128.load(from), b = v128.load(from, 16), c = v128.load(from, 32), d = v128.load(from, 48);
      storePair(to, a, b);
      storePair(to + step, c, d);
    }
  } else if (groups == 4) {
    for (; count > 0; count--, from += voxelBytes, to += 16) {
      v128.store(to, v128.load(from));
      v128.store(to + step, v128.load(from, 16));
      v128.store(to + 2 * step, v128.load(from, 32));
      v128.store(to + 3 * step, v128.load(from, 48));
    }
  } else {
    for (let group = 0; group < groups; group++, from += VOXEL, to += step) {
      for (let i = 0; i < count; i++) {
        const source = from + usize(i) * voxelBytes, target = to + usize(i) * VOXEL;
        v128.store(target, v128.load(source));
        if (WIDE) v128.store(target, v128.load(source, 16), 16);
      }
    }
  }
}

/** Zeros: for these few bytes, memory.fill takes far longer to begin than to fill. */
// @ts-ignore: decorator
@inline
function clear(address: usize, bytes: usize): void {
  for (const end = address + bytes; address < end; address += 16) v128.store(address, zero());
}

/** Copies the voxels that the outputs from plane `depth` and row `height` on meet; those outside are left out. */
function copyBlock(x: usize, g: Geometry, depth: i32, height: i32, to: usize, groups: i32): void {
  const bytes = usize(g.channels) << 2, front = g.paddingWidth, back = g.kernelWidth - 1 - front;
  const planes = g.blockDepth + g.kernelDepth - 1, rows = g.blockHeight + g.kernelHeight - 1;
  const rowBytes = usize(g.inputWidth + g.kernelWidth - 1) * VOXEL, groupBytes = usize(planes * rows) * rowBytes;
  for (let i = 0; i < planes; i++) {
    const z = depth + i - g.paddingDepth;
    if (u32(z) >= u32(g.inputDepth)) continue;
    for (let j = 0; j < rows; j++) {
      const row = height + j - g.paddingHeight;
      if (u32(row) >= u32(g.inputHeight)) continue;
      const target = to + usize(i * rows + j) * rowBytes, end = target + rowBytes - usize(back) * VOXEL;
      for (let group = 0; group < groups; group++) {
        clear(target + usize(group) * groupBytes, usize(front) * VOXEL);
        clear(end + usize(group) * groupBytes, usize(back) * VOXEL);
      }
      const from = x + usize((z * g.inputHeight + row) * g.inputWidth) * bytes;
      unravel(from, bytes, g.inputWidth, target + usize(front) * VOXEL, groupBytes, groups);
    }
  }
}

/**
 * Items `begin..end` of a convolution with stride 1 and padding kernelWidth >> 1 along W, and at least 8 voxels along it.
 * An item is 16 channels of a block; they go first, then the blocks along H, then along D, then the images.
 */
export function depthwiseDense(
  x: usize, filter: usize, bias: usize, y: usize, geometry: Geometry, begin: i32, end: i32,
): void {
  const g = geometry, bytes = usize(g.channels) << 2, block = changetype<Block>(threadScratch);
  const sixteens = (g.channels + 15) / 16, taps = g.kernelDepth * g.kernelHeight * g.kernelWidth;
  const across = (g.outputHeight + g.blockHeight - 1) / g.blockHeight;
  const along = (g.outputDepth + g.blockDepth - 1) / g.blockDepth;
  const planes = g.blockDepth + g.kernelDepth - 1, rows = g.blockHeight + g.kernelHeight - 1;
  const filters = g.scratch + usize(threadIndex) * usize(g.scratchBytes), filterBytes = usize(taps) * VOXEL;
  const voxels = filters + usize(16 / LANES) * filterBytes;
  block.rowBytes = usize(g.inputWidth + g.kernelWidth - 1) * VOXEL;
  block.planeBytes = usize(rows) * block.rowBytes;
  block.kernelHeight = g.kernelHeight;
  for (let item = begin; item < end; item++) {
    const channel = item % sixteens * 16, place = item / sixteens, image = place / across / along;
    const height = place % across * g.blockHeight, depth = place / across % along * g.blockDepth;
    const groups = (min(g.channels - channel, 16) + LANES - 1) / LANES, offset = usize(channel) << 2;
    const xImage = x + usize(image) * usize(g.inputDepth * g.inputHeight * g.inputWidth) * bytes + offset;
    const yImage = y + usize(image) * usize(g.outputDepth * g.outputHeight * g.outputWidth) * bytes + offset;
    copyBlock(xImage, g, depth, height, voxels, groups);
    unravel(filter + offset, bytes, taps, filters, filterBytes, groups);
    for (let group = 0; group < groups; group++) {
      block.voxels = voxels + usize(group * planes) * block.planeBytes;
      block.filter = filters + usize(group) * filterBytes;
      const at = usize(group) * VOXEL, start = bias != 0 ? bias + offset + at : NO_BIAS;
      someChannels(block, g, depth, height, start, yImage + at, g.channels - channel - group * LANES);
    }
    if (g.statistics != 0) {
      const rowBytes = usize(g.outputWidth) * bytes, planeBytes = usize(g.outputHeight) * rowBytes;
      const planes = min(g.blockDepth, g.outputDepth - depth), rows = min(g.blockHeight, g.outputHeight - height);
      const first = yImage + usize(depth) * planeBytes + usize(height) * rowBytes, out = g.statistics + usize(item) * 384;
      const channels = min(g.channels - channel, 16);
      partStatistics(first, planes, planeBytes, rows, rowBytes, g.outputWidth, bytes, channels, out);
    }
  }
}

/** Every output of a block in LANES channels. */
function someChannels(block: Block, g: Geometry, depth: i32, height: i32, bias: usize, y: usize, lanes: i32): void {
  const bytes = usize(g.channels) << 2, width = g.outputWidth;
  const start = v128.load(bias);
  const planes = min(g.blockDepth, g.outputDepth - depth), rows = min(g.blockHeight, g.outputHeight - height);
  for (let plane = 0; plane < planes; plane++) {
    const z = depth + plane - g.paddingDepth;
    block.firstPlane = max(-z, 0), block.lastPlane = min(g.inputDepth - z, g.kernelDepth);
    for (let row = 0; row < rows; row++) {
      const h = height + row - g.paddingHeight;
      block.firstRow = max(-h, 0), block.lastRow = min(g.inputHeight - h, g.kernelHeight);
      const yRow = y + usize(((depth + plane) * g.outputHeight + height + row) * width) * bytes;
      for (let strip = 0; strip < width; strip += 8) {
        // The last strip moves back to be whole: it writes some voxels twice, with the same values.
        const first = min(strip, width - 8), at = usize(first) * VOXEL, target = yRow + usize(first) * bytes;
        if (WIDE) wideStrip(block, plane, row, at, g.kernelWidth, bias, target, bytes, lanes);
        else if (g.kernelWidth == 3) strip3(block, plane, row, at, start, target, bytes, lanes);
        else if (g.kernelWidth == 5) strip5(block, plane, row, at, start, target, bytes, lanes);
        else strip7(block, plane, row, at, start, target, bytes, lanes);
      }
    }
  }
}

/** Eight outputs in eight channels, for engines that make one vector of eight floats out of two of four. */
function wideStrip(
  block: Block, plane: i32, row: i32, at: usize, taps: i32, bias: usize, y: usize, yStep: usize, lanes: i32,
): void {
  let s0 = v128.load(bias), t0 = v128.load(bias, 16), s1 = s0, t1 = t0, s2 = s0, t2 = t0, s3 = s0, t3 = t0;
  let s4 = s0, t4 = t0, s5 = s0, t5 = t0, s6 = s0, t6 = t0, s7 = s0, t7 = t0;
  const lastRow = block.lastRow, lastPlane = block.lastPlane, rowBytes = block.rowBytes, tapBytes = usize(taps) << 5;
  for (let i = block.firstPlane; i < lastPlane; i++) {
    let line = block.voxels + usize(plane + i) * block.planeBytes + usize(row + block.firstRow) * rowBytes + at;
    let f = block.filter + usize(i * block.kernelHeight + block.firstRow) * tapBytes;
    for (let j = block.firstRow; j < lastRow; j++, line += rowBytes) {
      let p = line;
      for (const last = f + tapBytes; f < last; f += 32, p += 32) {
        const a = v128.load(f), b = v128.load(f, 16);
        s0 = madd(v128.load(p), a, s0), t0 = madd(v128.load(p, 16), b, t0);
        s1 = madd(v128.load(p, 32), a, s1), t1 = madd(v128.load(p, 48), b, t1);
        s2 = madd(v128.load(p, 64), a, s2), t2 = madd(v128.load(p, 80), b, t2);
        s3 = madd(v128.load(p, 96), a, s3), t3 = madd(v128.load(p, 112), b, t3);
        s4 = madd(v128.load(p, 128), a, s4), t4 = madd(v128.load(p, 144), b, t4);
        s5 = madd(v128.load(p, 160), a, s5), t5 = madd(v128.load(p, 176), b, t5);
        s6 = madd(v128.load(p, 192), a, s6), t6 = madd(v128.load(p, 208), b, t6);
        s7 = madd(v128.load(p, 224), a, s7), t7 = madd(v128.load(p, 240), b, t7);
      }
    }
  }
  storeWide(y, yStep, 8, lanes, s0, s1, s2, s3, s4, s5, s6, s7, t0, t1, t2, t3, t4, t5, t6, t7);
}

/** Eight outputs, 3 taps along W. */
function strip3(block: Block, plane: i32, row: i32, at: usize, bias: v128, y: usize, yStep: usize, lanes: i32): void {
  let s0 = bias, s1 = bias, s2 = bias, s3 = bias, s4 = bias, s5 = bias, s6 = bias, s7 = bias;
  const lastRow = block.lastRow;
  for (let i = block.firstPlane; i < block.lastPlane; i++) {
    let p = block.voxels + usize(plane + i) * block.planeBytes + usize(row + block.firstRow) * block.rowBytes + at;
    let f = block.filter + usize(i * block.kernelHeight + block.firstRow) * 48;
    for (let j = block.firstRow; j < lastRow; j++, p += block.rowBytes, f += 48) {
      const f0 = v128.load(f), f1 = v128.load(f, 16), f2 = v128.load(f, 32);
      let x = v128.load(p);
      s0 = madd(x, f0, s0);
      x = v128.load(p, 16);
      s0 = madd(x, f1, s0), s1 = madd(x, f0, s1);
      x = v128.load(p, 32);
      s0 = madd(x, f2, s0), s1 = madd(x, f1, s1), s2 = madd(x, f0, s2);
      x = v128.load(p, 48);
      s1 = madd(x, f2, s1), s2 = madd(x, f1, s2), s3 = madd(x, f0, s3);
      x = v128.load(p, 64);
      s2 = madd(x, f2, s2), s3 = madd(x, f1, s3), s4 = madd(x, f0, s4);
      x = v128.load(p, 80);
      s3 = madd(x, f2, s3), s4 = madd(x, f1, s4), s5 = madd(x, f0, s5);
      x = v128.load(p, 96);
      s4 = madd(x, f2, s4), s5 = madd(x, f1, s5), s6 = madd(x, f0, s6);
      x = v128.load(p, 112);
      s5 = madd(x, f2, s5), s6 = madd(x, f1, s6), s7 = madd(x, f0, s7);
      x = v128.load(p, 128);
      s6 = madd(x, f2, s6), s7 = madd(x, f1, s7);
      x = v128.load(p, 144);
      s7 = madd(x, f2, s7);
    }
  }
  storeStrip(y, yStep, 8, lanes, s0, s1, s2, s3, s4, s5, s6, s7);
}

/** Eight outputs, 5 taps along W. */
function strip5(block: Block, plane: i32, row: i32, at: usize, bias: v128, y: usize, yStep: usize, lanes: i32): void {
  let s0 = bias, s1 = bias, s2 = bias, s3 = bias, s4 = bias, s5 = bias, s6 = bias, s7 = bias;
  const lastRow = block.lastRow;
  for (let i = block.firstPlane; i < block.lastPlane; i++) {
    let p = block.voxels + usize(plane + i) * block.planeBytes + usize(row + block.firstRow) * block.rowBytes + at;
    let f = block.filter + usize(i * block.kernelHeight + block.firstRow) * 80;
    for (let j = block.firstRow; j < lastRow; j++, p += block.rowBytes, f += 80) {
      const f0 = v128.load(f), f1 = v128.load(f, 16), f2 = v128.load(f, 32), f3 = v128.load(f, 48), f4 = v128.load(f, 64);
      let x = v128.load(p);
      s0 = madd(x, f0, s0);
      x = v128.load(p, 16);
      s0 = madd(x, f1, s0), s1 = madd(x, f0, s1);
      x = v128.load(p, 32);
      s0 = madd(x, f2, s0), s1 = madd(x, f1, s1), s2 = madd(x, f0, s2);
      x = v128.load(p, 48);
      s0 = madd(x, f3, s0), s1 = madd(x, f2, s1), s2 = madd(x, f1, s2), s3 = madd(x, f0, s3);
      x = v128.load(p, 64);
      s0 = madd(x, f4, s0), s1 = madd(x, f3, s1), s2 = madd(x, f2, s2), s3 = madd(x, f1, s3), s4 = madd(x, f0, s4);
      x = v128.load(p, 80);
      s1 = madd(x, f4, s1), s2 = madd(x, f3, s2), s3 = madd(x, f2, s3), s4 = madd(x, f1, s4), s5 = madd(x, f0, s5);
      x = v128.load(p, 96);
      s2 = madd(x, f4, s2), s3 = madd(x, f3, s3), s4 = madd(x, f2, s4), s5 = madd(x, f1, s5), s6 = madd(x, f0, s6);
      x = v128.load(p, 112);
      s3 = madd(x, f4, s3), s4 = madd(x, f3, s4), s5 = madd(x, f2, s5), s6 = madd(x, f1, s6), s7 = madd(x, f0, s7);
      x = v128.load(p, 128);
      s4 = madd(x, f4, s4), s5 = madd(x, f3, s5), s6 = madd(x, f2, s6), s7 = madd(x, f1, s7);
      x = v128.load(p, 144);
      s5 = madd(x, f4, s5), s6 = madd(x, f3, s6), s7 = madd(x, f2, s7);
      x = v128.load(p, 160);
      s6 = madd(x, f4, s6), s7 = madd(x, f3, s7);
      x = v128.load(p, 176);
      s7 = madd(x, f4, s7);
    }
  }
  storeStrip(y, yStep, 8, lanes, s0, s1, s2, s3, s4, s5, s6, s7);
}

/** Eight outputs, 7 taps along W. */
function strip7(block: Block, plane: i32, row: i32, at: usize, bias: v128, y: usize, yStep: usize, lanes: i32): void {
  let s0 = bias, s1 = bias, s2 = bias, s3 = bias, s4 = bias, s5 = bias, s6 = bias, s7 = bias;
  const lastRow = block.lastRow;
  for (let i = block.firstPlane; i < block.lastPlane; i++) {
    let p = block.voxels + usize(plane + i) * block.planeBytes + usize(row + block.firstRow) * block.rowBytes + at;
    let f = block.filter + usize(i * block.kernelHeight + block.firstRow) * 112;
    for (let j = block.firstRow; j < lastRow; j++, p += block.rowBytes, f += 112) {
      const f0 = v128.load(f), f1 = v128.load(f, 16), f2 = v128.load(f, 32), f3 = v128.load(f, 48);
      const f4 = v128.load(f, 64), f5 = v128.load(f, 80), f6 = v128.load(f, 96);
      let x = v128.load(p);
      s0 = madd(x, f0, s0);
      x = v128.load(p, 16);
      s0 = madd(x, f1, s0), s1 = madd(x, f0, s1);
      x = v128.load(p, 32);
      s0 = madd(x, f2, s0), s1 = madd(x, f1, s1), s2 = madd(x, f0, s2);
      x = v128.load(p, 48);
      s0 = madd(x, f3, s0), s1 = madd(x, f2, s1), s2 = madd(x, f1, s2), s3 = madd(x, f0, s3);
      x = v128.load(p, 64);
      s0 = madd(x, f4, s0), s1 = madd(x, f3, s1), s2 = madd(x, f2, s2), s3 = madd(x, f1, s3), s4 = madd(x, f0, s4);
      x = v128.load(p, 80);
      s0 = madd(x, f5, s0), s1 = madd(x, f4, s1), s2 = madd(x, f3, s2), s3 = madd(x, f2, s3), s4 = madd(x, f1, s4);
      s5 = madd(x, f0, s5);
      x = v128.load(p, 96);
      s0 = madd(x, f6, s0), s1 = madd(x, f5, s1), s2 = madd(x, f4, s2), s3 = madd(x, f3, s3), s4 = madd(x, f2, s4);
      s5 = madd(x, f1, s5), s6 = madd(x, f0, s6);
      x = v128.load(p, 112);
      s1 = madd(x, f6, s1), s2 = madd(x, f5, s2), s3 = madd(x, f4, s3), s4 = madd(x, f3, s4), s5 = madd(x, f2, s5);
      s6 = madd(x, f1, s6), s7 = madd(x, f0, s7);
      x = v128.load(p, 128);
      s2 = madd(x, f6, s2), s3 = madd(x, f5, s3), s4 = madd(x, f4, s4), s5 = madd(x, f3, s5), s6 = madd(x, f2, s6);
      s7 = madd(x, f1, s7);
      x = v128.load(p, 144);
      s3 = madd(x, f6, s3), s4 = madd(x, f5, s4), s5 = madd(x, f4, s5), s6 = madd(x, f3, s6), s7 = madd(x, f2, s7);
      x = v128.load(p, 160);
      s4 = madd(x, f6, s4), s5 = madd(x, f5, s5), s6 = madd(x, f4, s6), s7 = madd(x, f3, s7);
      x = v128.load(p, 176);
      s5 = madd(x, f6, s5), s6 = madd(x, f5, s6), s7 = madd(x, f4, s7);
      x = v128.load(p, 192);
      s6 = madd(x, f6, s6), s7 = madd(x, f5, s7);
      x = v128.load(p, 208);
      s7 = madd(x, f6, s7);
    }
  }
  storeStrip(y, yStep, 8, lanes, s0, s1, s2, s3, s4, s5, s6, s7);
}
