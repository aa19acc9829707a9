import { tf } from "../../tf.ts";
import type { Triple } from "../../triple.ts";
import { ATTRIBUTE, type Attribute } from "../ffi/attributes.ts";
import { DATA_TYPE } from "../ffi/data_types.ts";
import { bothEnds, crop, padVolume } from "./depthwise_window.ts";
import { withBias } from "./pointwise.ts";
import type { Device, TensorFlowKernel } from "./tensorflow_kernel.ts";

/*
 * TensorFlow's Conv3D on a GPU hands a filter [kD, kH, kW, 1, C] to cuDNN as C groups. `tf.conv3d` refuses such a filter
 * and so does TensorFlow on the CPU, so the operations are called by name.
 */

/** One grouped convolution. */
export const depthwiseGrouped: TensorFlowKernel<"DepthwiseConv3d"> = (
  { x, filter, bias },
  { strides, padding },
  device,
) => {
  const inputs = [padVolume(x, bothEnds(padding)), groups(filter)];
  return withBias(run(device, "Conv3D", { inputs, strides }), bias);
};

/** Its adjoint in x. */
export const depthwiseGroupedBackpropInput: TensorFlowKernel<"DepthwiseConv3dBackpropInput"> = (
  { dy, filter, bias },
  { strides, padding, inputShape },
  device,
) => {
  const padded = inputShape.map((n, axis) => n + 2 * (padding[axis - 1] ?? 0));
  const inputs = [tf.tensor1d(padded, "int32"), groups(filter), dy];
  const dx = run(device, "Conv3DBackpropInputV2", { inputs, strides, shapeType: "Tshape" });
  return withBias(crop(dx, padding, inputShape), bias);
};

/** Its adjoint in the filter. */
export const depthwiseGroupedBackpropFilter: TensorFlowKernel<"DepthwiseConv3dBackpropFilter"> = (
  { x, dy },
  { strides, padding, filterShape },
  device,
) => {
  const shape = [...filterShape.slice(0, 3), 1, filterShape[3]];
  const inputs = [padVolume(x, bothEnds(padding)), tf.tensor1d(shape, "int32"), dy];
  return tf.reshape(run(device, "Conv3DBackpropFilterV2", { inputs, strides }), filterShape);
};

/** One group for each channel. */
function groups(filter: tf.Tensor): tf.Tensor {
  const [depth, height, width, channels] = filter.shape as number[];
  return tf.reshape(filter, [depth, height, width, 1, channels]);
}

function run(
  { backend }: Device,
  name: string,
  { inputs, strides, shapeType }: { inputs: tf.Tensor[]; strides: Triple; shapeType?: string },
): tf.Tensor {
  const type = (name: string, value: number): Attribute => ({ name, type: ATTRIBUTE.type, value });
  const text = (name: string, value: string): Attribute => ({ name, type: ATTRIBUTE.text, value });
  return backend.executeSingleOutput(name, [
    type("T", DATA_TYPE.float32),
    { name: "strides", type: ATTRIBUTE.int, value: [1, ...strides, 1] },
    text("padding", "VALID"),
    text("data_format", "NDHWC"),
    ...(shapeType ? [type(shapeType, DATA_TYPE.int32)] : []),
  ], inputs);
}
