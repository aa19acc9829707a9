import { tf } from "../../tf.ts";
import type { Triple } from "../../triple.ts";
import { withBias } from "./pointwise.ts";
import type { TensorFlowKernel } from "./tensorflow_kernel.ts";

/** Every s-th voxel of each axis, from 0. */
export const subsample3d: TensorFlowKernel<"Subsample3d"> = ({ x }, { strides }) =>
  everyNth(x, strides);

/** Zeros between neighbours, and the bias everywhere. */
export const dilate3d: TensorFlowKernel<"Dilate3d"> = ({ x, bias }, { strides, outputShape }) =>
  withBias(spread(x, { strides, outputShape }), bias);

/** Every s-th voxel of each axis of a volume `[N, D, H, W, C]`. */
export function everyNth(x: tf.Tensor, strides: Triple): tf.Tensor {
  if (strides.every((stride) => stride === 1)) return tf.clone(x);
  return tf.stridedSlice(x, [0, 0, 0, 0, 0], x.shape, [1, ...strides, 1]);
}

/** The adjoint of {@linkcode everyNth}: voxel i at i·s of `outputShape`, zero elsewhere. */
export function spread(
  x: tf.Tensor,
  { strides, outputShape }: { strides: Triple; outputShape: readonly number[] },
): tf.Tensor {
  let y = x;
  strides.forEach((stride, i) => {
    const axis = i + 1;
    const shape = y.shape as number[];
    if (stride > 1) {
      // Each voxel gets its zeros on an axis of their own, which then joins the one before.
      const apart = tf.expandDims(y, axis + 1);
      y = tf.reshape(fill(apart, axis + 1, stride), shape.with(axis, shape[axis] * stride));
    }
    y = cropOrPad(y, axis, outputShape[axis]);
  });
  return y === x ? tf.clone(x) : y;
}

function cropOrPad(x: tf.Tensor, axis: number, size: number): tf.Tensor {
  const shape = x.shape as number[];
  if (shape[axis] < size) return fill(x, axis, size);
  return shape[axis] === size ? x : tf.slice(x, shape.map(() => 0), shape.with(axis, size));
}

/** Zeros at the end of an axis, up to a size. */
function fill(x: tf.Tensor, axis: number, size: number): tf.Tensor {
  const ends = x.shape.map((n, i): [number, number] => [0, i === axis ? size - n : 0]);
  return tf.pad(x, ends);
}
