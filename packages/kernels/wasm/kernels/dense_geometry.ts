import type { NamedAttrMap } from "@tensorflow/tfjs";
import { tf } from "../../tf.ts";
import type { Triple } from "../../triple.ts";

/** A dense convolution as TensorFlow.js means it. */
export interface DenseGeometry {
  batch: number;
  /** Channels of x and of y. */
  inputs: number;
  outputs: number;
  kernel: Triple;
  strides: Triple;
  /** Zeros before x along each axis, and the voxels that windows reach with them: x with zeros around it. */
  before: Triple;
  reach: Triple;
  /** Size of y. */
  output: Triple;
}

type Five = [number, number, number, number, number];

/** The geometry of a convolution of `inputShape`; undefined where the stock kernel has to do it. */
export function denseGeometry(
  inputShape: number[],
  filter: { shape: number[]; dtype: string },
  attrs: NamedAttrMap,
): DenseGeometry | undefined {
  const { strides, pad, dataFormat = "NDHWC", dilations = 1 } = attrs as unknown as {
    strides: number | Triple;
    pad: "valid" | "same";
    dataFormat?: string;
    dilations?: number | Triple;
  };
  const known = filter.dtype === "float32" && dataFormat === "NDHWC" &&
    [dilations].flat().every((dilation) => dilation === 1) && (pad === "valid" || pad === "same");
  if (!known) return undefined;
  const info = tf.backend_util.computeConv3DInfo(
    inputShape as Five,
    filter.shape as Five,
    strides,
    1,
    pad,
  );
  const kernel: Triple = [info.filterDepth, info.filterHeight, info.filterWidth];
  const taken: Triple = [info.strideDepth, info.strideHeight, info.strideWidth];
  const output: Triple = [info.outDepth, info.outHeight, info.outWidth];
  const { front, top, left } = info.padInfo;
  const before: Triple = [front, top, left];
  // TensorFlow.js pads by less than nothing where the stride is longer than the kernel.
  if (before.some((zeros) => zeros < 0)) return undefined;
  const windows = output.map((n, axis) => (n - 1) * taken[axis] + kernel[axis]);
  const reach = windows.map((n, axis) =>
    Math.max(n, before[axis] + inputShape[axis + 1])
  ) as Triple;
  const [batch, inputs, outputs] = [info.batchSize, info.inChannels, info.outChannels];
  return { batch, inputs, outputs, kernel, strides: taken, before, reach, output };
}
