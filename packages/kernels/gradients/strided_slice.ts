import type { GradConfig } from "@tensorflow/tfjs";
import { tf } from "../tf.ts";

/** The attributes of the kernel `StridedSlice`, as `tf.stridedSlice` takes them. */
interface StridedSliceAttrs {
  begin: number[];
  end: number[];
  strides: number[];
  beginMask: number;
  endMask: number;
  ellipsisMask: number;
  newAxisMask: number;
  shrinkAxisMask: number;
}

/** One axis of a strided slice: which of its voxels were taken. */
interface AxisSlice {
  axis: number;
  begin: number;
  stride: number;
  count: number;
  size: number;
}

/** The gradient of `StridedSlice`, which TensorFlow.js 4.22 lacks: what was not taken gets zero. */
export const STRIDED_SLICE_GRADIENT: GradConfig = {
  kernelName: "StridedSlice",
  inputsToSave: ["x"],
  gradFunc(dy, [x], attrs) {
    const { begin, end, strides, ...masks } = attrs as unknown as StridedSliceAttrs;
    const info = tf.slice_util.sliceInfo(
      x.shape,
      begin,
      end,
      strides,
      masks.beginMask,
      masks.endMask,
      masks.ellipsisMask,
      masks.newAxisMask,
      masks.shrinkAxisMask,
    );
    const axes = (x.shape as number[]).map((size, axis): AxisSlice => {
      const stride = info.strides[axis];
      const count = Math.max(0, Math.ceil((info.end[axis] - info.begin[axis]) / stride));
      return { axis, begin: info.begin[axis], stride, count, size };
    });
    if (axes.some(({ count }) => count === 0)) return { x: () => tf.zerosLike(x) };
    const taken = tf.reshape(dy as tf.Tensor, axes.map(({ count }) => count));
    return { x: () => axes.reduce(putBack, taken) };
  },
};

/** Puts the values of one axis where they were taken from. */
function putBack(taken: tf.Tensor, { axis, begin, stride, count, size }: AxisSlice): tf.Tensor {
  const step = Math.abs(stride);
  const first = stride < 0 ? begin + (count - 1) * stride : begin;
  const ordered = stride < 0 ? tf.reverse(taken, axis) : taken;
  const shape = taken.shape as number[];
  const spread = tf.reshape(
    tf.pad(
      tf.reshape(ordered, [...shape.slice(0, axis + 1), 1, ...shape.slice(axis + 1)]),
      Array.from({ length: shape.length + 1 }, (_, i) => [0, i === axis + 1 ? step - 1 : 0]),
    ),
    shape.with(axis, count * step),
  );
  const length = (count - 1) * step + 1;
  const trimmed = tf.slice(spread, shape.map(() => 0), shape.with(axis, length));
  const ends = shape.map((_, i) => i === axis ? [first, size - first - length] : [0, 0]);
  return tf.pad(trimmed, ends as [number, number][]);
}
