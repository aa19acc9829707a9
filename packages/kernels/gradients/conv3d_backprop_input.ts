import type { GradConfig } from "@tensorflow/tfjs";
import { tf } from "../tf.ts";

/**
 * The gradient of `Conv3DBackpropInputV2`, the forward pass of the transposed convolution, which
 * TensorFlow.js 4.22 lacks: without it `tf.conv3dTranspose` cannot be trained.
 */
export const CONV3D_BACKPROP_INPUT_GRADIENT: GradConfig = {
  kernelName: "Conv3DBackpropInputV2",
  inputsToSave: ["dy", "filter"],
  gradFunc(ddx, [dy, filter], attrs) {
    const { pad, strides } = attrs as unknown as {
      pad: "valid" | "same";
      strides: [number, number, number];
    };
    const x = ddx as tf.Tensor5D;
    return {
      dy: () => tf.conv3d(x, filter as tf.Tensor5D, strides, pad),
      filter: () =>
        tf.engine().runKernel("Conv3DBackpropFilterV2", { x, dy }, {
          strides,
          pad,
          filterShape: filter.shape,
        }) as tf.Tensor,
    };
  },
};
