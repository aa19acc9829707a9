import type { GradConfig } from "@tensorflow/tfjs";
import { backwardKernel, gradConfig } from "./gradient.ts";

/** The gradients of the depthwise and the pointwise convolutions and of what moves voxels for them. */
export const CONVOLUTION_GRADIENTS: GradConfig[] = [
  gradConfig("DepthwiseConv3d", {
    save: ["x", "filter"],
    backward(dy, [x, filter], { strides, padding }) {
      const at = { strides, padding };
      return {
        x: () =>
          backwardKernel("DepthwiseConv3dBackpropInput", { dy, filter }, {
            ...at,
            inputShape: x.shape,
          })[0],
        filter: () =>
          backwardKernel("DepthwiseConv3dBackpropFilter", { x, dy }, {
            ...at,
            filterShape: filter.shape,
          })[0],
        bias: () => backwardKernel("ChannelSum", { x: dy }, {})[0],
      };
    },
  }),
  gradConfig("DepthwiseConv3dBackpropInput", {
    save: ["dy", "filter"],
    backward(ddx, [dy, filter], { strides, padding }) {
      const at = { strides, padding };
      return {
        dy: () => backwardKernel("DepthwiseConv3d", { x: ddx, filter }, at)[0],
        filter: () =>
          backwardKernel("DepthwiseConv3dBackpropFilter", { x: ddx, dy }, {
            ...at,
            filterShape: filter.shape,
          })[0],
        bias: () => backwardKernel("ChannelSum", { x: ddx }, {})[0],
      };
    },
  }),
  gradConfig("Pointwise", {
    save: ["x", "filter"],
    backward: (dy, [x, filter]) => ({
      x: () => backwardKernel("PointwiseBackpropInput", { dy, filter }, {})[0],
      filter: () => backwardKernel("PointwiseBackpropFilter", { x, dy }, {})[0],
      bias: () => backwardKernel("ChannelSum", { x: dy }, {})[0],
    }),
  }),
  gradConfig("Subsample3d", {
    save: ["x"],
    backward: (dy, [x], { strides }) => ({
      x: () => backwardKernel("Dilate3d", { x: dy }, { strides, outputShape: x.shape })[0],
    }),
  }),
  gradConfig("Dilate3d", {
    save: [],
    backward: (dy, _saved, { strides }) => ({
      x: () => backwardKernel("Subsample3d", { x: dy }, { strides })[0],
      bias: () => backwardKernel("ChannelSum", { x: dy }, {})[0],
    }),
  }),
];
