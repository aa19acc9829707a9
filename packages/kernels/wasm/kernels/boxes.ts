import type { TensorInfo } from "@tensorflow/tfjs";
import type { WasmBackend } from "../backend.ts";
import type { StockKernel } from "./stock_kernel.ts";
import { isLargeFloat, sizeOf } from "./wasm_kernel.ts";

/** Rows of one task. */
const ROWS_PER_TASK = 64;

/** A box of a tensor of rank 5: where it begins. */
interface Place {
  info: TensorInfo;
  begin: number[];
}

/** Copies a box of `size` from one tensor to another. Rows run along the last two axes together. */
function copyBox(backend: WasmBackend, { from, to, size }: {
  from: Place;
  to: Place;
  size: number[];
}): void {
  const channels = size[4];
  const [source, target] = [from, to].map((place) => stepsOf(backend, place));
  // Rows are whole along the last axis, or they are single voxels.
  const whole = from.info.shape[4] === channels && to.info.shape[4] === channels;
  const boxes = whole ? [{ size, shift: [0, 0] }] : Array.from({ length: size[3] }, (_, w) => ({
    size: [...size.slice(0, 3), 1, channels],
    shift: [w * source.steps[3], w * target.steps[3]],
  }));
  for (const box of boxes) {
    const [batch, depth, height, width] = box.size;
    for (let n = 0; n < batch; n++) {
      const at = [source, target].map(({ address, steps }, i) =>
        address + n * steps[0] + box.shift[i]
      );
      const steps = [source, target].flatMap((place) => [0, ...place.steps.slice(1, 3)]);
      backend.run("copyRows", [...at, depth, height, width * channels * 4, ...steps], {
        items: depth * height,
        chunk: ROWS_PER_TASK,
      });
    }
  }
}

/** The address of the first value, and the bytes from one index of each axis to the next. */
function stepsOf(backend: WasmBackend, { info, begin }: Place) {
  const steps = info.shape.map((_, axis) => sizeOf(info.shape.slice(axis + 1)) * 4);
  const offset = begin.reduce((sum, index, axis) => sum + index * steps[axis], 0);
  return { address: backend.address(info) + offset, steps };
}

/** Tensors of at most rank 5 are volumes with leading axes of size 1. */
function asVolume(info: TensorInfo): TensorInfo {
  return { ...info, shape: [...Array(5 - info.shape.length).fill(1), ...info.shape] };
}

/** Indices of axes that are missing in front are `missing`. */
function toRank5<T>(values: T[], missing: T): T[] {
  return [...Array(5 - values.length).fill(missing), ...values];
}

/** A box of a tensor. */
export const slice: StockKernel = (backend, { x }, attrs) => {
  const rank = x.shape.length;
  const [begin, asked] = [attrs.begin, attrs.size] as number[][];
  const full = [begin, asked].every((list) => Array.isArray(list) && list.length === rank);
  if (!isLargeFloat(x) || rank > 5 || !full) return undefined;
  const size = asked.map((length, axis) => length < 0 ? x.shape[axis] - begin[axis] : length);
  const inside = size.every((length, axis) =>
    length > 0 && begin[axis] >= 0 && begin[axis] + length <= x.shape[axis]
  );
  if (!inside) return undefined;
  const y = backend.output(size);
  const from = { info: asVolume(x), begin: toRank5(begin, 0) };
  copyBox(backend, {
    from,
    to: { info: asVolume(y), begin: Array(5).fill(0) },
    size: toRank5(size, 1),
  });
  return y;
};

/** A tensor with a constant around it. */
export const pad: StockKernel = (backend, { x }, attrs) => {
  const paddings = attrs.paddings as [number, number][];
  if (!isLargeFloat(x) || x.shape.length > 5) return undefined;
  const shape = x.shape.map((size, axis) => size + paddings[axis][0] + paddings[axis][1]);
  const y = backend.output(shape);
  backend.values(y).fill(attrs.constantValue as number);
  const to = { info: asVolume(y), begin: toRank5(paddings.map(([before]) => before), 0) };
  const from = { info: asVolume(x), begin: Array(5).fill(0) };
  copyBox(backend, { from, to, size: toRank5(x.shape, 1) });
  return y;
};

/** Tensors one behind the other along an axis. */
export const concat: StockKernel = (backend, inputs, attrs) => {
  const tensors = Object.values(inputs);
  const [{ shape }] = tensors;
  const axis = (attrs.axis as number) + ((attrs.axis as number) < 0 ? shape.length : 0);
  const fit = tensors.every((info) =>
    info.dtype === "float32" && sizeOf(info.shape) > 0 && info.shape.length === shape.length &&
    info.shape.every((size, i) => i === axis || size === shape[i])
  );
  if (!fit || !tensors.some(isLargeFloat) || tensors.length < 2) return undefined;
  const length = tensors.reduce((sum, info) => sum + info.shape[axis], 0);
  const y = backend.output(shape.map((size, i) => i === axis ? length : size));
  const rows = sizeOf(shape.slice(0, axis));
  const step = sizeOf(y.shape.slice(axis)) * 4;
  let target = backend.address(y);
  for (const info of tensors) {
    const bytes = sizeOf(info.shape.slice(axis)) * 4;
    const steps = [bytes, 0, 0, step, 0, 0];
    backend.run("copyRows", [backend.address(info), target, 1, 1, bytes, ...steps], {
      items: rows,
      chunk: ROWS_PER_TASK,
    });
    target += bytes;
  }
  return y;
};
