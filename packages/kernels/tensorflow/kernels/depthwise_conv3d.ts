import {
  depthwiseGrouped,
  depthwiseGroupedBackpropFilter,
  depthwiseGroupedBackpropInput,
} from "./depthwise_grouped.ts";
import {
  depthwiseSlices,
  depthwiseSlicesBackpropFilter,
  depthwiseSlicesBackpropInput,
} from "./depthwise_slices.ts";
import type { TensorFlowKernel } from "./tensorflow_kernel.ts";

/** Grouped or by slices, as the device says. */
export const depthwiseConv3d: TensorFlowKernel<"DepthwiseConv3d"> = (inputs, attrs, device) =>
  (device.isGrouped ? depthwiseGrouped : depthwiseSlices)(inputs, attrs, device);

/** The adjoint in x. */
export const depthwiseConv3dBackpropInput: TensorFlowKernel<"DepthwiseConv3dBackpropInput"> = (
  inputs,
  attrs,
  device,
) => {
  const kernel = device.isGrouped ? depthwiseGroupedBackpropInput : depthwiseSlicesBackpropInput;
  return kernel(inputs, attrs, device);
};

/** The adjoint in the filter. */
export const depthwiseConv3dBackpropFilter: TensorFlowKernel<"DepthwiseConv3dBackpropFilter"> = (
  inputs,
  attrs,
  device,
) => {
  const kernel = device.isGrouped ? depthwiseGroupedBackpropFilter : depthwiseSlicesBackpropFilter;
  return kernel(inputs, attrs, device);
};
