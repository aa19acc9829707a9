import type { NamedAttrMap, TensorInfo } from "@tensorflow/tfjs";
import type { WasmBackend } from "../backend.ts";
import type { KernelName } from "../kernel_exports.ts";
import { channelSums } from "./channel_sums.ts";
import type { StockKernel } from "./stock_kernel.ts";
import { isLargeFloat, sizeOf } from "./wasm_kernel.ts";

/** Longest last axis that is reduced here; the sums are plain ones in float32. */
const LONGEST_ROW = 64;
const ROWS_PER_TASK = 4096;

/** The axes that an attribute names; all of them if it names none. */
function axesOf({ shape }: TensorInfo, axis: NamedAttrMap[string]): number[] {
  if (axis === null || axis === undefined) return shape.map((_, i) => i);
  return [axis as number | number[]].flat().map((i) => i < 0 ? i + shape.length : i);
}

function isLastAxis({ shape }: TensorInfo, axes: number[]): boolean {
  return axes.length === 1 && axes[0] === shape.length - 1 && shape.length > 1;
}

function areLeadingAxes({ shape }: TensorInfo, axes: number[]): boolean {
  return axes.length === shape.length - 1 && axes.length > 0 && !axes.includes(shape.length - 1) &&
    new Set(axes).size === axes.length;
}

/** A reduction along a short last axis. */
function alongRows(
  backend: WasmBackend,
  { kernel, x, keepDims }: { kernel: KernelName; x: TensorInfo; keepDims: boolean },
): TensorInfo | undefined {
  const columns = x.shape.at(-1)!;
  if (columns > LONGEST_ROW) return undefined;
  const y = backend.output([...x.shape.slice(0, -1), ...keepDims ? [1] : []]);
  const items = sizeOf(x.shape) / columns;
  const args = [backend.address(x), backend.address(y), columns];
  backend.run(kernel, args, { items, chunk: ROWS_PER_TASK });
  return y;
}

/** The sum of all values in float64: 16 interleaved sums, and the few values at the end. */
function total(backend: WasmBackend, x: TensorInfo): number {
  const size = sizeOf(x.shape);
  const channels = 16;
  const voxels = Math.floor(size / channels);
  const args = [backend.address(x)];
  const [sums] = channelSums(backend, { kernel: "channelSums", args, voxels, channels, kinds: 1 });
  const rest = backend.values(x).subarray(voxels * channels);
  return [...sums, ...rest].reduce((sum, value) => sum + value, 0);
}

/** The sum of each channel: over all axes but the last, as for the gradient of a bias. */
function perChannel(backend: WasmBackend, x: TensorInfo, keepDims: boolean): TensorInfo {
  const channels = x.shape.at(-1)!;
  const voxels = sizeOf(x.shape) / channels;
  const args = [backend.address(x)];
  const [sums] = channelSums(backend, { kernel: "channelSums", args, voxels, channels, kinds: 1 });
  const shape = keepDims
    ? x.shape.map((_, axis) => axis === x.shape.length - 1 ? channels : 1)
    : [channels];
  return backend.makeTensorInfo(shape, "float32", new Float32Array(sums));
}

/** Sum or mean over everything, a sum over all axes but the last, or one along a short last axis. */
function sumOrMean(isMean: boolean): StockKernel {
  return (backend, { x }, { axis, keepDims }) => {
    if (!isLargeFloat(x)) return undefined;
    const axes = axesOf(x, axis);
    if (axes.length === x.shape.length) {
      const value = total(backend, x) / (isMean ? sizeOf(x.shape) : 1);
      const shape = keepDims ? x.shape.map(() => 1) : [];
      return backend.makeTensorInfo(shape, "float32", Float32Array.of(value));
    }
    if (isMean) return undefined;
    if (areLeadingAxes(x, axes)) return perChannel(backend, x, Boolean(keepDims));
    if (!isLastAxis(x, axes)) return undefined;
    return alongRows(backend, { kernel: "rowSums", x, keepDims: Boolean(keepDims) });
  };
}

/** The sum over everything, over all axes but the last, or along a short last axis. */
export const sum: StockKernel = sumOrMean(false);

/** The mean over everything. */
export const mean: StockKernel = sumOrMean(true);

/** The largest value along a short last axis. */
export const max: StockKernel = (backend, { x }, { reductionIndices, keepDims }) => {
  if (!isLargeFloat(x) || !isLastAxis(x, axesOf(x, reductionIndices))) return undefined;
  return alongRows(backend, { kernel: "rowMaxima", x, keepDims: Boolean(keepDims) });
};
