// Depthwise convolution at stride 1, where outputs and inputs have one grid along W: block by block of planes and rows, 16
// channels at a time. A block's voxels are first copied, with zeros at both ends of the rows, so that four channels of a row
// lie one behind the other: strips then read memory in order, out of a level-1 cache, whatever the sizes are.
import { Geometry } from "./depthwise_geometry";
import { storeStrip } from "./depthwise_strip";
import { madd, zero } from "./simd";
import { threadIndex, threadScratch } from "./thread";

/** Four channels of a block in the scratch, and which of its planes and rows an output meets. */
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

/** Copies `quads` times four channels of `count` voxels to as many rows that are `step` bytes apart. */
function unravel(from: usize, voxelBytes: usize, count: i32, to: usize, step: usize, quads: i32): void {
  if (quads == 4) {
    for (; count > 0; count--, from += voxelBytes, to += 16) {
      v128.store(to, v128.load(from));
      v128.store(to + step, v128.load(from, 16));
      v128.store(to + 2 * step, v128.load(from, 32));
      v128.store(to + 3 * step, v128.load(from, 48));
    }
  } else {
    for (let quad = 0; quad < quads; quad++, from += 16, to += step) {
      for (let i = 0; i < count; i++) v128.store(to + (usize(i) << 4), v128.load(from + usize(i) * voxelBytes));
    }
  }
}

/** Copies the voxels that the outputs from plane `depth` and row `height` on meet; those outside are left out. */
function copyBlock(x: usize, g: Geometry, depth: i32, height: i32, to: usize, quads: i32): void {
  const bytes = usize(g.channels) << 2, front = g.paddingWidth, back = g.kernelWidth - 1 - front;
  const planes = g.blockDepth + g.kernelDepth - 1, rows = g.blockHeight + g.kernelHeight - 1;
  const rowBytes = usize(g.inputWidth + g.kernelWidth - 1) << 4, quadBytes = usize(planes * rows) * rowBytes;
  for (let i = 0; i < planes; i++) {
    const z = depth + i - g.paddingDepth;
    if (u32(z) >= u32(g.inputDepth)) continue;
    for (let j = 0; j < rows; j++) {
      const row = height + j - g.paddingHeight;
      if (u32(row) >= u32(g.inputHeight)) continue;
      const target = to + usize(i * rows + j) * rowBytes, end = target + rowBytes - (usize(back) << 4);
      for (let quad = 0; quad < quads; quad++) {
        memory.fill(target + usize(quad) * quadBytes, 0, usize(front) << 4);
        memory.fill(end + usize(quad) * quadBytes, 0, usize(back) << 4);
      }
      const from = x + usize((z * g.inputHeight + row) * g.inputWidth) * bytes;
      unravel(from, bytes, g.inputWidth, target + (usize(front) << 4), quadBytes, quads);
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
  const groups = (g.channels + 15) / 16, taps = g.kernelDepth * g.kernelHeight * g.kernelWidth;
  const across = (g.outputHeight + g.blockHeight - 1) / g.blockHeight;
  const along = (g.outputDepth + g.blockDepth - 1) / g.blockDepth;
  const planes = g.blockDepth + g.kernelDepth - 1, rows = g.blockHeight + g.kernelHeight - 1;
  const filters = g.scratch + usize(threadIndex) * usize(g.scratchBytes), filterBytes = usize(taps) << 4;
  const voxels = filters + 4 * filterBytes;
  block.rowBytes = usize(g.inputWidth + g.kernelWidth - 1) << 4;
  block.planeBytes = usize(rows) * block.rowBytes;
  block.kernelHeight = g.kernelHeight;
  for (let item = begin; item < end; item++) {
    const channel = item % groups * 16, place = item / groups, image = place / across / along;
    const height = place % across * g.blockHeight, depth = place / across % along * g.blockDepth;
    const quads = min((g.channels - channel + 3) >> 2, 4), offset = usize(channel) << 2;
    const xImage = x + usize(image) * usize(g.inputDepth * g.inputHeight * g.inputWidth) * bytes + offset;
    const yImage = y + usize(image) * usize(g.outputDepth * g.outputHeight * g.outputWidth) * bytes + offset;
    copyBlock(xImage, g, depth, height, voxels, quads);
    unravel(filter + offset, bytes, taps, filters, filterBytes, quads);
    for (let quad = 0; quad < quads; quad++) {
      block.voxels = voxels + usize(quad * planes) * block.planeBytes;
      block.filter = filters + usize(quad) * filterBytes;
      const at = usize(quad) << 4, start = bias != 0 ? v128.load(bias + offset + at) : zero();
      fourChannels(block, g, depth, height, start, yImage + at, g.channels - channel - quad * 4);
    }
  }
}

/** Every output of a block in four channels. */
function fourChannels(block: Block, g: Geometry, depth: i32, height: i32, bias: v128, y: usize, lanes: i32): void {
  const bytes = usize(g.channels) << 2, width = g.outputWidth;
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
        const first = min(strip, width - 8), at = usize(first) << 4, target = yRow + usize(first) * bytes;
        if (g.kernelWidth == 3) strip3(block, plane, row, at, bias, target, bytes, lanes);
        else if (g.kernelWidth == 5) strip5(block, plane, row, at, bias, target, bytes, lanes);
        else strip7(block, plane, row, at, bias, target, bytes, lanes);
      }
    }
  }
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
