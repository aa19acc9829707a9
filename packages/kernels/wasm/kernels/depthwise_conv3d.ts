import type { TensorInfo } from "@tensorflow/tfjs";
import type { ConvAttrs } from "../../kernel_types.ts";
import { convSize, spatialSize } from "../../output_size.ts";
import type { Triple } from "../../triple.ts";
import type { WasmBackend } from "../backend.ts";
import { withThreadScratch } from "./bottleneck.ts";
import { gatherStatistics, PART_BYTES } from "./part_statistics.ts";
import { sumPartials } from "./pointwise.ts";
import { optionalAddress, sizeOf, type WasmKernel } from "./wasm_kernel.ts";

const ROWS_PER_TASK = 4;
/** Parts of a filter gradient, at most. */
const PARTS = 16;

/** The sizes of a convolution, in the names of `assembly/depthwise_geometry.ts`. */
interface Geometry {
  input: Triple;
  channels: number;
  output: Triple;
  kernel: Triple;
  strides: Triple;
  padding: Triple;
}

/** What some kernels are told beside the sizes. */
interface Extras {
  /** Planes and rows of a block of the dense kernel, and its scratch. */
  blockDepth: number;
  blockHeight: number;
  scratch: number;
  scratchBytes: number;
  /** Where the statistics of the parts go; 0 for none. */
  statistics: number;
  partRows: number;
}

/** Writes the geometry where the kernels read it. */
function withGeometry(
  backend: WasmBackend,
  geometry: Geometry & Partial<Extras>,
  use: (address: number) => void,
): void {
  const { blockDepth = 0, blockHeight = 0, scratch = 0, scratchBytes = 0 } = geometry;
  const { statistics = 0, partRows = 1 } = geometry;
  backend.withScratch(88, (address) => {
    new Uint32Array(backend.runtime.memory.buffer, address, 22).set([
      ...[...geometry.input, geometry.channels, ...geometry.output],
      ...[...geometry.kernel, ...geometry.strides, ...geometry.padding],
      ...[blockDepth, blockHeight, scratch, scratchBytes, statistics, partRows],
    ]);
    use(address);
  });
}

/** Bytes of 16 channels of a block, so that they stay in the level-2 cache; blocks are halved until they fit. */
const BLOCK_BYTES = 458752;

/** Planes and rows of a block, and the bytes that it takes with its filter. */
function blocksOf({ input, kernel }: Geometry): { depth: number; height: number; bytes: number } {
  const rowBytes = (input[2] + kernel[2] - 1) * 64;
  const bytes = (depth: number, height: number) =>
    (depth + kernel[0] - 1) * (height + kernel[1] - 1) * rowBytes;
  let [depth, height] = [4, 8];
  while (height > 1 && bytes(depth, height) > BLOCK_BYTES) height /= 2;
  while (depth > 1 && bytes(depth, height) > BLOCK_BYTES) depth /= 2;
  return { depth, height, bytes: bytes(depth, height) + sizeOf(kernel) * 64 };
}

/** Whether the kernel for strips along rows of one grid fits. */
function isDense({ input, output, kernel, strides, padding }: Geometry): boolean {
  return strides.every((stride) => stride === 1) && input[2] === output[2] && input[2] >= 8 &&
    [3, 5, 7].includes(kernel[2]) && padding[2] === kernel[2] >> 1;
}

/** Addresses of x, filter, bias (or 0) and y, and how many images there are. */
interface Operands {
  x: number;
  filter: number;
  bias: number;
  y: TensorInfo;
  batch: number;
}

/** A convolution at stride 1 along rows of one grid, block by block. */
function convolveDense(
  backend: WasmBackend,
  { x, filter, bias, y, batch }: Operands,
  geometry: Geometry,
): void {
  const { output, channels } = geometry;
  const { depth, height, bytes } = blocksOf(geometry);
  const sixteens = Math.ceil(channels / 16);
  const [along, across] = [Math.ceil(output[0] / depth), Math.ceil(output[1] / height)];
  const items = batch * along * across * sixteens;
  const run = (statistics: number) =>
    withThreadScratch(backend, bytes, (scratch) => {
      const extras = { blockDepth: depth, blockHeight: height, ...scratch, statistics };
      withGeometry(backend, { ...geometry, ...extras }, (address) => {
        const args = [x, filter, bias, backend.address(y), address];
        backend.run("depthwiseDense", args, { items, chunk: 1 });
      });
    });
  // A convolution with a bias is part of a forward pass, where a normalisation may follow.
  if (bias === 0) return run(0);
  const parts = Array.from({ length: along * across * sixteens }, (_, item) => {
    const place = Math.floor(item / sixteens);
    const planes = Math.min(depth, output[0] - Math.floor(place / across) * depth);
    const rows = Math.min(height, output[1] - place % across * height);
    const channel = item % sixteens * 16;
    return {
      ...{ offset: item * 16 * PART_BYTES, count: planes * rows * output[2] },
      ...{ channel, channels: Math.min(16, channels - channel) },
    };
  });
  const bytesPerImage = parts.length * 16 * PART_BYTES;
  gatherStatistics(backend, { y, batch, parts, bytesPerImage, run });
}

/** Any other convolution, or a transposed one, from row to row of the output. */
function convolveRows(
  backend: WasmBackend,
  kernel: "depthwiseForward" | "depthwiseTransposed",
  { x, filter, bias, y, batch }: Operands,
  geometry: Geometry,
): void {
  const { input, output, channels } = geometry;
  const [from, to] = kernel === "depthwiseForward" ? [input, output] : [output, input];
  const rows = to[0] * to[1];
  const bytes = (grid: Triple) => sizeOf(grid) * channels * 4;
  const count = Math.ceil(rows / ROWS_PER_TASK);
  const bytesPerImage = count * Math.ceil(channels / 4) * 4 * PART_BYTES;
  const run = (statistics: number) => {
    for (let n = 0; n < batch; n++) {
      const extras = { statistics: statistics && statistics + n * bytesPerImage };
      withGeometry(backend, { ...geometry, ...extras, partRows: ROWS_PER_TASK }, (address) => {
        const image = [x + n * bytes(from), filter, bias, backend.address(y) + n * bytes(to)];
        backend.run(kernel, [...image, address], { items: rows, chunk: ROWS_PER_TASK });
      });
    }
  };
  if (bias === 0) return run(0);
  const parts = Array.from({ length: count }, (_, part) => ({
    ...{ offset: part * bytesPerImage / count, channel: 0, channels },
    count: Math.min(ROWS_PER_TASK, rows - part * ROWS_PER_TASK) * to[2],
  }));
  gatherStatistics(backend, { y, batch, parts, bytesPerImage, run });
}

function convolve(backend: WasmBackend, operands: Operands, geometry: Geometry): void {
  if (isDense(geometry)) convolveDense(backend, operands, geometry);
  else convolveRows(backend, "depthwiseForward", operands, geometry);
}

export const depthwiseConv3d: WasmKernel<"DepthwiseConv3d"> = (
  backend,
  { x, filter, bias },
  { strides, padding },
) => {
  const [batch, , , , channels] = x.shape;
  const input = spatialSize(x.shape);
  const kernel = filter.shape.slice(0, 3) as Triple;
  const output = convSize(input, { kernel, strides, padding });
  const y = backend.output([batch, ...output, channels]);
  const operands = {
    ...{ x: backend.address(x), filter: backend.address(filter) },
    ...{ bias: optionalAddress(backend, bias), y, batch },
  };
  convolve(backend, operands, { input, channels, output, kernel, strides, padding });
  return y;
};

export const depthwiseConv3dBackpropInput: WasmKernel<"DepthwiseConv3dBackpropInput"> = (
  backend,
  { dy, filter, bias },
  attrs,
) => {
  const kernel = filter.shape.slice(0, 3) as Triple;
  const geometry: Geometry = {
    input: spatialSize(attrs.inputShape),
    channels: filter.shape[3],
    output: spatialSize(dy.shape),
    ...{ kernel, strides: attrs.strides, padding: attrs.padding },
  };
  const dx = backend.output(attrs.inputShape);
  const weights = backend.address(filter);
  const operands = {
    ...{ x: backend.address(dy), filter: weights, bias: optionalAddress(backend, bias) },
    ...{ y: dx, batch: attrs.inputShape[0] },
  };
  if (isStrideOne(attrs)) {
    withFlippedFilter(backend, { weights, kernel, channels: geometry.channels }, (flipped) => {
      convolve(backend, { ...operands, filter: flipped }, adjoint(geometry));
    });
  } else {
    convolveRows(backend, "depthwiseTransposed", operands, geometry);
  }
  return dx;
};

function isStrideOne({ strides }: ConvAttrs): boolean {
  return strides.every((stride) => stride === 1);
}

/** At stride 1 the adjoint is a convolution too: of the output's grid, with the filter turned round. */
function adjoint({ input, output, channels, kernel, strides, padding }: Geometry): Geometry {
  const opposite = padding.map((size, axis) => kernel[axis] - 1 - size) as Triple;
  return { input: output, output: input, channels, kernel, strides, padding: opposite };
}

function withFlippedFilter(
  backend: WasmBackend,
  { weights, kernel, channels }: { weights: number; kernel: Triple; channels: number },
  use: (address: number) => void,
): void {
  const taps = sizeOf(kernel);
  backend.withScratch(taps * channels * 4, (address) => {
    const { buffer } = backend.runtime.memory;
    const source = new Float32Array(buffer, weights, taps * channels);
    const target = new Float32Array(buffer, address, taps * channels);
    for (let tap = 0; tap < taps; tap++) {
      target.set(
        source.subarray(tap * channels, (tap + 1) * channels),
        (taps - 1 - tap) * channels,
      );
    }
    use(address);
  });
}

export const depthwiseConv3dBackpropFilter: WasmKernel<"DepthwiseConv3dBackpropFilter"> = (
  backend,
  { x, dy },
  { strides, padding, filterShape },
) => {
  const geometry: Geometry = {
    input: spatialSize(x.shape),
    channels: filterShape[3],
    output: spatialSize(dy.shape),
    kernel: filterShape.slice(0, 3) as Triple,
    ...{ strides, padding },
  };
  const rows = dy.shape[0] * dy.shape[1] * dy.shape[2];
  const chunk = Math.max(ROWS_PER_TASK, Math.ceil(rows / PARTS));
  const parts = Math.ceil(rows / chunk);
  const length = sizeOf(filterShape);
  const output = backend.output(filterShape);
  const from = [backend.address(x), backend.address(dy)];
  backend.withScratch(parts * length * 4, (partials) => {
    withGeometry(backend, geometry, (address) => {
      const perTask = { argument: 2, bytes: length * 4 };
      const job = { items: rows, chunk, perTask };
      backend.run("depthwiseFilterGradient", [...from, partials, address], job);
    });
    sumPartials(backend, { partials, output: backend.address(output), parts, length });
  });
  return output;
};
