import type { ConvAttrs } from "../../kernel_types.ts";
import { convSize, spatialSize } from "../../output_size.ts";
import type { Triple } from "../../triple.ts";
import type { WasmBackend } from "../backend.ts";
import { withThreadScratch } from "./bottleneck.ts";
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

/** How the dense kernel cuts the work. */
interface Blocks {
  /** Planes and rows of a block. */
  depth: number;
  height: number;
  scratch: number;
  scratchBytes: number;
}

/** Writes the geometry where the kernels read it. */
function withGeometry(
  backend: WasmBackend,
  geometry: Geometry & { blocks?: Blocks },
  use: (address: number) => void,
): void {
  const { depth, height, scratch, scratchBytes } = geometry.blocks ??
    { depth: 0, height: 0, scratch: 0, scratchBytes: 0 };
  backend.withScratch(80, (address) => {
    new Uint32Array(backend.runtime.memory.buffer, address, 20).set([
      ...[...geometry.input, geometry.channels, ...geometry.output],
      ...[...geometry.kernel, ...geometry.strides, ...geometry.padding],
      ...[depth, height, scratch, scratchBytes],
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
  let [depth, height] = [4, 4];
  while (height > 1 && bytes(depth, height) > BLOCK_BYTES) height /= 2;
  while (depth > 1 && bytes(depth, height) > BLOCK_BYTES) depth /= 2;
  return { depth, height, bytes: bytes(depth, height) + sizeOf(kernel) * 64 };
}

/** Whether the kernel for strips along rows of one grid fits. */
function isDense({ input, output, kernel, strides, padding }: Geometry): boolean {
  return strides.every((stride) => stride === 1) && input[2] === output[2] && input[2] >= 8 &&
    [3, 5, 7].includes(kernel[2]) && padding[2] === kernel[2] >> 1;
}

/** A convolution; `addresses` are those of x, filter, bias and y. */
function convolve(
  backend: WasmBackend,
  addresses: number[],
  geometry: Geometry & { batch: number },
): void {
  const { batch, output, channels } = geometry;
  if (!isDense(geometry)) {
    return withGeometry(backend, geometry, (address) => {
      const job = { items: batch * output[0] * output[1], chunk: ROWS_PER_TASK };
      backend.run("depthwiseForward", [...addresses, address], job);
    });
  }
  const { depth, height, bytes } = blocksOf(geometry);
  const items = batch * Math.ceil(output[0] / depth) * Math.ceil(output[1] / height) *
    Math.ceil(channels / 16);
  withThreadScratch(backend, bytes, (scratch) => {
    withGeometry(backend, { ...geometry, blocks: { depth, height, ...scratch } }, (address) => {
      backend.run("depthwiseDense", [...addresses, address], { items, chunk: 1 });
    });
  });
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
  const addresses = [backend.address(x), backend.address(filter), optionalAddress(backend, bias)];
  const geometry = { batch, input, channels, output, kernel, strides, padding };
  convolve(backend, [...addresses, backend.address(y)], geometry);
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
  const from = backend.address(dy);
  const weights = backend.address(filter);
  const addresses = [optionalAddress(backend, bias), backend.address(dx)];
  const batch = attrs.inputShape[0];
  if (isStrideOne(attrs)) {
    withFlippedFilter(backend, { weights, kernel, channels: geometry.channels }, (flipped) => {
      convolve(backend, [from, flipped, ...addresses], { batch, ...adjoint(geometry) });
    });
  } else {
    withGeometry(backend, geometry, (address) => {
      const items = batch * geometry.input[0] * geometry.input[1];
      const job = { items, chunk: ROWS_PER_TASK };
      backend.run("depthwiseTransposed", [from, weights, ...addresses, address], job);
    });
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
