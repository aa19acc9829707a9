import { spatialSize, subsampledSize } from "../output_size.ts";
import { forEachTap } from "./for_each_tap.ts";
import type { CpuKernel } from "./view.ts";

/** A convolution with one tap and no padding joins voxel o to voxel o·s, which is all that is needed. */
const ONE_TAP = { filter: [1, 1, 1], padding: [0, 0, 0] as [number, number, number] };

/** Every s-th voxel of each axis, from 0. */
export const subsample3d: CpuKernel<"Subsample3d"> = ({ x }, { strides }) => {
  const [batch, , , , channels] = x.shape;
  const shape = [batch, ...subsampledSize(spatialSize(x.shape), strides), channels];
  const values = new Float32Array(shape.reduce((a, b) => a * b));
  forEachTap({ input: x.shape, output: shape, strides, ...ONE_TAP }, (i, o) => {
    values.set(x.values.subarray(i * channels, (i + 1) * channels), o * channels);
  });
  return [{ shape, values }];
};

/** Zeros between neighbours, and the bias everywhere. */
export const dilate3d: CpuKernel<"Dilate3d"> = ({ x, bias }, { strides, outputShape }) => {
  const channels = outputShape[4];
  const values = new Float32Array(outputShape.reduce((a, b) => a * b));
  if (bias) { for (let i = 0; i < values.length; i += channels) values.set(bias.values, i); }
  forEachTap({ input: outputShape, output: x.shape, strides, ...ONE_TAP }, (i, o) => {
    for (let c = 0; c < channels; c++) values[i * channels + c] += x.values[o * channels + c];
  });
  return [{ shape: [...outputShape], values }];
};
