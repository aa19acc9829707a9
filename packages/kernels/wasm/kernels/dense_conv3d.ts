import type { TensorInfo } from "@tensorflow/tfjs";
import { spatialSize } from "../../output_size.ts";
import type { Triple } from "../../triple.ts";
import type { WasmBackend } from "../backend.ts";
import { type DenseGeometry, denseGeometry } from "./dense_geometry.ts";
import { type PaddedVolume, steps, withPaddedVolume } from "./padded_volume.ts";
import { sumPartials } from "./pointwise.ts";
import type { StockKernel } from "./stock_kernel.ts";
import { sizeOf } from "./wasm_kernel.ts";

/** Voxels of one task: whole tiles of 6. */
const VOXELS_PER_TASK = 192;
/** Voxels of one part of a filter gradient, at least; and parts, at most. */
const VOXELS_PER_PART = 2048;
const PARTS = 16;

/** A window of taps over an input, and where its results go. All steps are in bytes, those of taps in floats. */
interface Pass {
  filter: { address: number; taps: Triple; inputs: number; outputs: number; steps: number[] };
  input: PaddedVolume;
  /** How many voxels of the input lie between neighbouring outputs. */
  strides: Triple;
  output: PaddedVolume;
  batch: number;
  size: Triple;
}

/** Runs a dense convolution without padding. */
function runPass(
  backend: WasmBackend,
  { filter, input, strides, output, batch, size }: Pass,
): void {
  const { address, taps, inputs, outputs } = filter;
  const panels = Math.ceil(outputs / 8);
  backend.withScratch(panels * sizeOf(taps) * inputs * 32, (packed) => {
    const pack = [address, packed, ...taps, inputs, outputs, ...filter.steps];
    backend.run("packTaps", pack, { items: panels, chunk: 1 });
    backend.run("denseForward", [
      ...[input.address, packed, output.address],
      ...[taps[0], taps[1], taps[2] * inputs * 4, outputs],
      ...size,
      ...[input.steps[0], input.steps[1], input.image],
      ...input.steps.map((step, axis) => step * strides[axis]),
      ...[output.image, ...output.steps],
    ], { items: batch * sizeOf(size), chunk: VOXELS_PER_TASK });
  });
}

/** y = the convolution of x. */
export const conv3d: StockKernel = (backend, { x, filter }, attrs) => {
  const geometry = denseGeometry(x.shape, filter, attrs);
  if (geometry === undefined || x.dtype !== "float32") return undefined;
  const { batch, before, reach, output, strides, kernel, inputs, outputs } = geometry;
  const y = backend.output([batch, ...output, outputs]);
  withPaddedVolume(backend, { info: x, before, size: reach }, (input) => {
    const tap = inputs * outputs;
    const [, height, width] = kernel;
    runPass(backend, {
      filter: {
        ...{ address: backend.address(filter), taps: kernel, inputs, outputs },
        steps: [height * width * tap, width * tap, tap, outputs, 1],
      },
      ...{ input, strides, batch, size: output, output: volumeOf(backend, y) },
    });
  });
  return y;
};

/**
 * dx: the adjoint, which is also the transposed convolution. The voxels of dx that lie at one distance from the grid of
 * dy, `remainder` of 0 to stride - 1 along each axis, get dy through the taps of that remainder alone: each such grid is
 * a dense convolution with these taps, from the last to the first.
 */
export const conv3dBackpropInput: StockKernel = (backend, { dy, filter }, attrs) => {
  const inputShape = attrs.inputShape as number[];
  const geometry = denseGeometry(inputShape, filter, attrs);
  if (geometry === undefined || dy.dtype !== "float32") return undefined;
  const { kernel, strides, before } = geometry;
  const dx = backend.output(inputShape);
  const most = kernel.map((k, axis) => Math.ceil(k / strides[axis]) - 1) as Triple;
  const size = spatialSize(inputShape).map((length, axis) =>
    most[axis] + Math.ceil((length + before[axis]) / strides[axis])
  ) as Triple;
  withPaddedVolume(backend, { info: dy, before: most, size }, (input) => {
    const output = volumeOf(backend, dx);
    for (const remainder of remainders(strides)) {
      const at = [0, 1, 2].map((axis) => ({
        ...{ kernel: kernel[axis], stride: strides[axis], before: before[axis], most: most[axis] },
        ...{ length: inputShape[axis + 1], remainder: remainder[axis] },
      })).map(gridOfRemainder);
      adjointPass(backend, { geometry, filter, at, input, output });
    }
  });
  return dx;
};

/** One axis of the voxels of dx at one distance from the grid of dy. */
interface AxisGrid {
  /** The first of them, and how many there are. */
  first: number;
  count: number;
  /** Taps of the remainder: every stride-th from `remainder` on. */
  taps: number;
  remainder: number;
  /** The first voxel of padded dy under the first window. */
  from: number;
}

function gridOfRemainder({ kernel, stride, before, most, length, remainder }: {
  kernel: number;
  stride: number;
  before: number;
  most: number;
  length: number;
  remainder: number;
}): AxisGrid {
  // Voxel i of dx is voxel i + before of what the windows of dy slide over.
  const first = (((remainder - before) % stride) + stride) % stride;
  const count = Math.max(0, Math.ceil((length - first) / stride));
  const taps = Math.max(0, Math.ceil((kernel - remainder) / stride));
  return {
    first,
    count,
    taps,
    remainder,
    from: (first + before - remainder) / stride + most - (taps - 1),
  };
}

function adjointPass(backend: WasmBackend, { geometry, filter, at, input, output }: {
  geometry: DenseGeometry;
  filter: TensorInfo;
  at: AxisGrid[];
  input: PaddedVolume;
  output: PaddedVolume;
}): void {
  const { batch, kernel, strides, inputs, outputs } = geometry;
  const [, height, width] = kernel;
  const tap = inputs * outputs;
  const tapSteps = [height * width * tap, width * tap, tap];
  const size = at.map(({ count }) => count) as Triple;
  if (sizeOf(size) === 0) return;
  const offset = (volumeSteps: Triple, key: "first" | "from") =>
    at.reduce((sum, axis, i) => sum + axis[key] * volumeSteps[i], 0);
  const last = at.reduce(
    (sum, { remainder, taps }, i) => sum + (remainder + (taps - 1) * strides[i]) * tapSteps[i],
    0,
  );
  const taps = at.map((axis) => axis.taps) as Triple;
  const address = backend.address(filter) + (sizeOf(taps) === 0 ? 0 : last * 4);
  runPass(backend, {
    filter: {
      ...{ address, taps, inputs: outputs, outputs: inputs },
      steps: [...tapSteps.map((step, axis) => -step * strides[axis]), 1, outputs],
    },
    input: { ...input, address: input.address + offset(input.steps, "from") },
    strides: [1, 1, 1],
    output: {
      address: output.address + offset(output.steps, "first"),
      image: output.image,
      steps: output.steps.map((step, axis) => step * strides[axis]) as Triple,
    },
    ...{ batch, size },
  });
}

/** The gradient of the filter, in parts of the lines that are then summed. */
export const conv3dBackpropFilter: StockKernel = (backend, { x, dy }, attrs) => {
  const shape = attrs.filterShape as number[];
  const geometry = denseGeometry(x.shape, { shape, dtype: dy.dtype }, attrs);
  if (geometry === undefined || x.dtype !== "float32") return undefined;
  const { batch, before, reach, output, strides, kernel, inputs, outputs } = geometry;
  const result = backend.output(shape);
  const lines = batch * output[0] * output[1];
  const linesPerPart = Math.max(Math.ceil(VOXELS_PER_PART / output[2]), Math.ceil(lines / PARTS));
  const parts = Math.ceil(lines / linesPerPart);
  const length = sizeOf(shape);
  withPaddedVolume(
    backend,
    { info: x, before, size: reach },
    (input) =>
      backend.withScratch(parts * length * 4, (partials) => {
        backend.run("denseFilterGradient", [
          ...[input.address, backend.address(dy), partials],
          ...[kernel[0], kernel[1], kernel[2] * inputs, outputs],
          ...[...output, lines, linesPerPart, input.steps[0], input.steps[1], input.image],
          ...input.steps.map((step, axis) => step * strides[axis]),
        ], { items: parts * kernel[0] * kernel[1], chunk: 1 });
        sumPartials(backend, { partials, output: backend.address(result), parts, length });
      }),
  );
  return result;
};

function volumeOf(backend: WasmBackend, info: TensorInfo): PaddedVolume {
  const size = spatialSize(info.shape);
  const along = steps(size, info.shape[4]);
  return { address: backend.address(info), image: size[0] * along[0], steps: along };
}

/** Every combination of remainders. */
function remainders([depth, height, width]: Triple): Triple[] {
  return Array.from({ length: depth * height * width }, (_, i) => [
    Math.floor(i / width / height),
    Math.floor(i / width) % height,
    i % width,
  ]);
}
