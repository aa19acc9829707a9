import type { TensorInfo } from "@tensorflow/tfjs";
import type { WasmBackend } from "../backend.ts";
import type { StockKernel } from "./stock_kernel.ts";
import { sizeOf } from "./wasm_kernel.ts";

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

function isVolume({ dtype, shape }: TensorInfo): boolean {
  return dtype === "float32" && shape.length === 5;
}

/** A box of a volume. */
export const slice: StockKernel = (backend, { x }, attrs) => {
  if (!isVolume(x)) return undefined;
  const begin = attrs.begin as number[];
  const asked = attrs.size as number[];
  const full = Array.isArray(begin) && Array.isArray(asked) && begin.length === 5 &&
    asked.length === 5;
  if (!full) return undefined;
  const size = asked.map((length, axis) => length < 0 ? x.shape[axis] - begin[axis] : length);
  const inside = size.every((length, axis) =>
    length > 0 && begin[axis] >= 0 && begin[axis] + length <= x.shape[axis]
  );
  if (!inside) return undefined;
  const y = backend.output(size);
  copyBox(backend, { from: { info: x, begin }, to: { info: y, begin: [0, 0, 0, 0, 0] }, size });
  return y;
};

/** A volume with a constant around it. */
export const pad: StockKernel = (backend, { x }, attrs) => {
  const paddings = attrs.paddings as [number, number][];
  if (!isVolume(x) || sizeOf(x.shape) === 0) return undefined;
  const shape = x.shape.map((size, axis) => size + paddings[axis][0] + paddings[axis][1]);
  const y = backend.output(shape);
  const to = { info: y, begin: paddings.map(([before]) => before) };
  backend.values(y).fill(attrs.constantValue as number);
  copyBox(backend, { from: { info: x, begin: [0, 0, 0, 0, 0] }, to, size: x.shape });
  return y;
};
