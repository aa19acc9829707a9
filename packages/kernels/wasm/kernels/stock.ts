import type { KernelFunc, TensorInfo } from "@tensorflow/tfjs";
import type { WasmBackend } from "../backend.ts";
import type { KernelName } from "../kernel_exports.ts";
import { concat, pad, slice } from "./boxes.ts";
import { affine, withChannelArrays } from "./channel_affine.ts";
import { conv3d, conv3dBackpropFilter, conv3dBackpropInput } from "./dense_conv3d.ts";
import { FLOATS_PER_TASK } from "./elementwise.ts";
import { max, mean, sum } from "./reductions.ts";
import type { StockKernel } from "./stock_kernel.ts";
import { isLargeFloat, sizeOf } from "./wasm_kernel.ts";

function sameShape(a: TensorInfo, b: TensorInfo): boolean {
  return a.shape.length === b.shape.length && a.shape.every((size, axis) => size === b.shape[axis]);
}

/** An operation of two tensors of one shape. */
function binary(kernel: KernelName): StockKernel {
  return (backend, { a, b }) => {
    if (!isLargeFloat(a) || !isLargeFloat(b) || !sameShape(a, b)) return undefined;
    const y = backend.output(a.shape);
    const args = [a, b, y].map((info) => backend.address(info));
    backend.run(kernel, args, { items: sizeOf(a.shape), chunk: FLOATS_PER_TASK });
    return y;
  };
}

const addSame = binary("add");

/** A sum of two tensors of one shape, or of a tensor and a vector of its channels: a bias. */
const add: StockKernel = (backend, { a, b }, attrs) => {
  const [x, vector] = a.shape.length > b.shape.length ? [a, b] : [b, a];
  const channels = x.shape.at(-1);
  const isBias = vector.dtype === "float32" && vector.shape.length === 1 && x.shape.length > 1 &&
    vector.shape[0] === channels;
  if (!isLargeFloat(x) || !isBias) return addSame(backend, { a, b }, attrs);
  const y = backend.output(x.shape);
  const image = { address: backend.address(x), voxels: sizeOf(x.shape) / channels, channels };
  const constants = [0, 1].map((value) => new Float32Array(channels).fill(value));
  withChannelArrays(backend, constants, ([centre, factor]) => {
    const shift = backend.address(vector);
    affine(backend, image, { centre, factor, shift, y: backend.address(y) });
  });
  return y;
};

const multiplySame = binary("multiply");

/** A product of two tensors of one shape, or of a tensor and a scalar. */
const multiply: StockKernel = (backend, inputs, attrs) => {
  const [tensor, factor] = isLargeFloat(inputs.a) ? [inputs.a, inputs.b] : [inputs.b, inputs.a];
  const isScalar = factor.dtype === "float32" && sizeOf(factor.shape) === 1 &&
    factor.shape.length <= tensor.shape.length;
  if (!isLargeFloat(tensor) || !isScalar) return multiplySame(backend, inputs, attrs);
  const y = backend.output(tensor.shape);
  const args = [backend.address(tensor), backend.address(y), backend.values(factor)[0]];
  backend.run("scale", args, { items: sizeOf(tensor.shape), chunk: FLOATS_PER_TASK });
  return y;
};

/** The sum of tensors of one shape. */
const addN: StockKernel = (backend, inputs) => {
  const tensors = Object.values(inputs);
  const [first, second, ...others] = tensors;
  if (
    second === undefined || !tensors.every((info) => isLargeFloat(info) && sameShape(info, first))
  ) {
    return undefined;
  }
  const y = backend.output(first.shape);
  const job = { items: sizeOf(first.shape), chunk: FLOATS_PER_TASK };
  const sum = backend.address(y);
  backend.run("add", [backend.address(first), backend.address(second), sum], job);
  for (const other of others) backend.run("add", [sum, backend.address(other), sum], job);
  return y;
};

/** Softmax over the last axis. */
const softmax: StockKernel = (backend, { logits }, { dim }) => {
  const { shape } = logits;
  if (!isLargeFloat(logits) || (dim !== -1 && dim !== shape.length - 1)) return undefined;
  const classes = shape[shape.length - 1];
  const y = backend.output(shape);
  const args = [backend.address(logits), backend.address(y), classes];
  backend.run("softmax", args, { items: sizeOf(shape) / classes, chunk: 1024 });
  return y;
};

/** The kernels of TensorFlow.js that have a faster form here. */
export const STOCK_KERNELS: Record<string, StockKernel> = {
  Add: add,
  AddN: addN,
  Concat: concat,
  Conv3D: conv3d,
  Conv3DBackpropFilterV2: conv3dBackpropFilter,
  Conv3DBackpropInputV2: conv3dBackpropInput,
  Max: max,
  Mean: mean,
  Multiply: multiply,
  PadV2: pad,
  Slice: slice,
  Softmax: softmax,
  Square: (backend, { x }, attrs) => multiplySame(backend, { a: x, b: x }, attrs),
  Sub: binary("subtract"),
  Sum: sum,
};

/** The faster form, and behind it the stock kernel. */
export function withFallback(kernel: StockKernel, stock: KernelFunc): KernelFunc {
  return (params) => {
    const backend = params.backend as WasmBackend;
    const inputs = params.inputs as Record<string, TensorInfo>;
    return backend.runWhole(() => kernel(backend, inputs, params.attrs ?? {})) ?? stock(params);
  };
}
