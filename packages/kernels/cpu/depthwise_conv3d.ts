import { convSize, spatialSize } from "../output_size.ts";
import type { Triple } from "../triple.ts";
import { forEachTap } from "./for_each_tap.ts";
import { type CpuKernel, rounded, type View } from "./view.ts";

/** Depthwise convolution: y[o] = bias + Σ x[o·s - p + t]·filter[t]. */
export const depthwiseConv3d: CpuKernel<"DepthwiseConv3d"> = ({ x, filter, bias }, attrs) => {
  const kernel = filter.shape.slice(0, 3) as Triple;
  const [batch, , , , channels] = x.shape;
  const shape = [batch, ...convSize(spatialSize(x.shape), { kernel, ...attrs }), channels];
  const y = startWith(bias, shape);
  forEachTap({ input: x.shape, output: shape, filter: filter.shape, ...attrs }, (i, o, t) => {
    for (let c = 0; c < channels; c++) {
      y[o * channels + c] += x.values[i * channels + c] * filter.values[t * channels + c];
    }
  });
  return [rounded(shape, y)];
};

/** The adjoint in x, which is the transposed convolution: dx[o·s - p + t] = bias + Σ dy[o]·filter[t]. */
export const depthwiseConv3dBackpropInput: CpuKernel<"DepthwiseConv3dBackpropInput"> = (
  { dy, filter, bias },
  { inputShape, ...attrs },
) => {
  const channels = inputShape[4];
  const dx = startWith(bias, inputShape);
  forEachTap({ input: inputShape, output: dy.shape, filter: filter.shape, ...attrs }, (i, o, t) => {
    for (let c = 0; c < channels; c++) {
      dx[i * channels + c] += dy.values[o * channels + c] * filter.values[t * channels + c];
    }
  });
  return [rounded(inputShape, dx)];
};

/** The gradient of the filter: dfilter[t] = Σ x[o·s - p + t]·dy[o]. */
export const depthwiseConv3dBackpropFilter: CpuKernel<"DepthwiseConv3dBackpropFilter"> = (
  { x, dy },
  { filterShape, ...attrs },
) => {
  const channels = filterShape[3];
  const dfilter = new Float64Array(filterShape.reduce((a, b) => a * b));
  forEachTap({ input: x.shape, output: dy.shape, filter: filterShape, ...attrs }, (i, o, t) => {
    for (let c = 0; c < channels; c++) {
      dfilter[t * channels + c] += x.values[i * channels + c] * dy.values[o * channels + c];
    }
  });
  return [rounded(filterShape, dfilter)];
};

/** Zeros, or the bias at every voxel. */
function startWith(bias: View | undefined, shape: number[]): Float64Array {
  const values = new Float64Array(shape.reduce((a, b) => a * b));
  if (bias) { for (let i = 0; i < values.length; i += shape[4]) values.set(bias.values, i); }
  return values;
}
