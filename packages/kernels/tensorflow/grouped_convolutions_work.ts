import { tf } from "../tf.ts";
import type { Triple } from "../triple.ts";
import * as grouped from "./kernels/depthwise_grouped.ts";
import * as slices from "./kernels/depthwise_slices.ts";
import type { Device } from "./kernels/tensorflow_kernel.ts";

/** A convolution and both its gradients in float32, summed in another order, or in TensorFloat-32. */
const TOLERANCE = 1e-2;

/**
 * Whether grouped 3-D convolutions give what those by slices give, at strides 1 and 2: TensorFlow refuses them on the
 * CPU, and cuDNN for some shapes (tensorflow issue 78984). To be called with the tensorflow backend selected.
 */
export function groupedConvolutionsWork(device: Device): boolean {
  try {
    return [1, 2].every((stride) => agree(device, stride));
  } catch {
    return false;
  }
}

function agree(device: Device, stride: number): boolean {
  return tf.tidy(() => {
    const strides: Triple = [stride, stride, stride];
    const at = { strides, padding: [1, 1, 1] as Triple };
    const x = tf.randomNormal([2, 8, 8, 8, 32], 0, 1, "float32", 1);
    const filter = tf.randomNormal([3, 3, 3, 32], 0, 1, "float32", 2);
    const first = slices.depthwiseSlices({ x, filter }, at, device) as tf.Tensor;
    const input = { ...at, inputShape: x.shape };
    const taps = { ...at, filterShape: filter.shape };
    const pairs = [
      [first, grouped.depthwiseGrouped({ x, filter }, at, device)],
      [
        slices.depthwiseSlicesBackpropInput({ dy: first, filter }, input, device),
        grouped.depthwiseGroupedBackpropInput({ dy: first, filter }, input, device),
      ],
      [
        slices.depthwiseSlicesBackpropFilter({ x, dy: first }, taps, device),
        grouped.depthwiseGroupedBackpropFilter({ x, dy: first }, taps, device),
      ],
    ] as [tf.Tensor, tf.Tensor][];
    return pairs.every(([expected, actual]) => {
      const error = tf.max(tf.abs(tf.sub(actual, expected))).dataSync()[0];
      return error <= TOLERANCE * tf.max(tf.abs(expected)).dataSync()[0];
    });
  });
}
