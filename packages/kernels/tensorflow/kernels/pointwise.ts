import { tf } from "../../tf.ts";
import { matMul } from "./product.ts";
import type { TensorFlowKernel } from "./tensorflow_kernel.ts";

/** All voxels as the rows of one matrix. */
export function rows(x: tf.Tensor): tf.Tensor2D {
  return tf.reshape(x, [-1, x.shape.at(-1)!]) as tf.Tensor2D;
}

/** Adds a bias if there is one. */
export function withBias<T extends tf.Tensor>(x: T, bias: tf.Tensor | undefined): T {
  return bias === undefined ? x : tf.add(x, bias);
}

/** One matrix product over all voxels. */
export const pointwise: TensorFlowKernel<"Pointwise"> = ({ x, filter, bias }, _attrs, device) => {
  const y = withBias(matMul(rows(x), filter, { device }), bias);
  return tf.reshape(y, [...x.shape.slice(0, -1), filter.shape[1]!]);
};

/** The gradient of x. */
export const pointwiseBackpropInput: TensorFlowKernel<"PointwiseBackpropInput"> = (
  { dy, filter },
  _attrs,
  device,
) => {
  const dx = matMul(rows(dy), filter, { device, transposeB: true });
  return tf.reshape(dx, [...dy.shape.slice(0, -1), filter.shape[0]]);
};

/** The gradient of the filter. */
export const pointwiseBackpropFilter: TensorFlowKernel<"PointwiseBackpropFilter"> = (
  { x, dy },
  _attrs,
  device,
) => matMul(rows(x), rows(dy), { device, transposeA: true });

/** The sum over all voxels. */
export const channelSum: TensorFlowKernel<"ChannelSum"> = ({ x }) => tf.sum(rows(x), 0);
