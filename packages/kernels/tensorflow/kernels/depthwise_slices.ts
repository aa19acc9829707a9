import { convSize, spatialSize } from "../../output_size.ts";
import { tf } from "../../tf.ts";
import type { Triple } from "../../triple.ts";
import { bothEnds, crop, padVolume } from "./depthwise_window.ts";
import { everyNth, spread } from "./grids.ts";
import { withBias } from "./pointwise.ts";
import type { TensorFlowKernel } from "./tensorflow_kernel.ts";

/**
 * A 3-D convolution is a sum over the taps in depth, each a 2-D convolution of all slices that this tap meets; TensorFlow
 * has depthwise convolutions in 2-D only. The slices are the images of one batch.
 */
export const depthwiseSlices: TensorFlowKernel<"DepthwiseConv3d"> = (
  { x, filter, bias },
  { strides, padding },
) => {
  const kernel = filter.shape.slice(0, 3) as Triple;
  const [depth, ...plane] = convSize(spatialSize(x.shape), { kernel, strides, padding });
  const padded = padVolume(x, bothEnds(padding));
  const [stride, thin] = planeStrides(strides);
  const taps = range(kernel[0]).map((tap) =>
    tf.tidy(() => {
      const images = slices(padded, { begin: tap, count: depth, stride: strides[0] });
      return tf.depthwiseConv2d(images, tapFilter(filter, tap), stride, "valid");
    })
  );
  const [height, width] = taps[0].shape.slice(1);
  const sum = tf.reshape(tf.addN(taps), [x.shape[0], depth, height, width, x.shape[4]!]);
  const y = thin ? crop(everyNth(sum, thin), [0, 0, 0], [0, depth, ...plane]) : sum;
  return withBias(y, bias);
};

/**
 * The adjoint. Voxel i takes from outputs o with o·s - p + tap = i: for each remainder r of i by the stride in depth, a
 * sum over every s-th tap, each an adjoint in 2-D of consecutive slices of dy.
 */
export const depthwiseSlicesBackpropInput: TensorFlowKernel<"DepthwiseConv3dBackpropInput"> = (
  { dy, filter, bias },
  { strides, padding, inputShape },
) => {
  const [kD, kH, kW] = filter.shape;
  const [batch, depth, height, width, channels] = inputShape;
  const step = strides[0];
  const [stride, thin] = planeStrides(strides);
  const plane = [height + 2 * padding[1], width + 2 * padding[2]];
  const full = thin
    ? spread(dy, {
      strides: thin,
      outputShape: [0, dy.shape[1]!, plane[0] - kH + 1, plane[1] - kW! + 1],
    })
    : dy;
  const count = Math.ceil(depth / step);
  const before = kD;
  const behind = count + kD;
  const padded = padVolume(full, [[before, behind], [0, 0], [0, 0]]);
  const images: [number, number, number, number] = [batch * count, plane[0], plane[1], channels];
  const classes = range(step).map((remainder) => {
    const first = (remainder + padding[0]) % step;
    const taps = range(kD).filter((tap) => tap % step === first);
    const parts = taps.map((tap) =>
      tf.tidy(() => {
        const begin = before + (remainder + padding[0] - tap) / step;
        const part = slices(padded, { begin, count, stride: 1 });
        return backpropInput2d(part, tapFilter(filter, tap), { shape: images, stride });
      })
    );
    return parts.length === 0 ? tf.zeros(images) : tf.addN(parts);
  });
  const split = classes.map((each) => tf.reshape(each, [batch, count, 1, ...plane, channels]));
  const joined = tf.reshape(tf.concat(split, 2), [batch, count * step, ...plane, channels]);
  return withBias(crop(joined, [0, padding[1], padding[2]], inputShape), bias);
};

/** For each tap in depth the gradient of a 2-D filter over all slices that this tap meets. */
export const depthwiseSlicesBackpropFilter: TensorFlowKernel<"DepthwiseConv3dBackpropFilter"> = (
  { x, dy },
  { strides, padding, filterShape },
) => {
  const [kD, kH, kW, channels] = filterShape;
  const [batch, depth] = dy.shape;
  const padded = padVolume(x, bothEnds(padding));
  const [, , height, width] = padded.shape;
  const [stride, thin] = planeStrides(strides);
  const full = thin
    ? spread(dy, { strides: thin, outputShape: [0, depth!, height! - kH + 1, width! - kW + 1] })
    : dy;
  const [, , ...plane] = full.shape as [number, number, number, number, number];
  const gradient: tf.Tensor4D = tf.reshape(full, [batch * depth!, ...plane]);
  const taps = range(kD).map((tap) =>
    tf.tidy(() => {
      const images = slices(padded, { begin: tap, count: depth!, stride: strides[0] });
      const shape: [number, number, number, number] = [kH, kW, channels, 1];
      const at = { strides: stride, pad: "valid", dilations: 1, filterShape: shape };
      return tf.engine().runKernel(
        "DepthwiseConv2dNativeBackpropFilter",
        { x: images, dy: gradient },
        at,
      ) as tf.Tensor;
    })
  );
  return tf.reshape(tf.stack(taps, 0), filterShape);
};

/** TensorFlow's strides in H and W are equal; where they are not, it goes voxel by voxel, and the rest is left out. */
function planeStrides([, height, width]: Triple): [stride: number, thin?: Triple] {
  return height === width ? [height] : [1, [1, height, width]];
}

/** Slices of depth as the images of a batch, `[N·count, H, W, C]`. */
function slices(
  x: tf.Tensor,
  { begin, count, stride }: { begin: number; count: number; stride: number },
): tf.Tensor4D {
  const [batch, , ...image] = x.shape as [number, number, number, number, number];
  const length = (count - 1) * stride + 1;
  const run = tf.slice(x, [0, begin, 0, 0, 0], [batch, length, ...image]);
  return tf.reshape(everyNth(run, [stride, 1, 1]), [batch * count, ...image]);
}

/** One tap in depth, `[kH, kW, C, 1]`. */
function tapFilter(filter: tf.Tensor, tap: number): tf.Tensor4D {
  const [, height, width, channels] = filter.shape as number[];
  const one = tf.slice(filter, [tap, 0, 0, 0], [1, height, width, channels]);
  return tf.reshape(one, [height, width, channels, 1]);
}

function backpropInput2d(
  dy: tf.Tensor4D,
  filter: tf.Tensor4D,
  { shape, stride }: { shape: [number, number, number, number]; stride: number },
): tf.Tensor {
  const at = { strides: stride, pad: "valid", dilations: 1, inputShape: shape };
  return tf.engine().runKernel(
    "DepthwiseConv2dNativeBackpropInput",
    { dy, filter },
    at,
  ) as tf.Tensor;
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}
