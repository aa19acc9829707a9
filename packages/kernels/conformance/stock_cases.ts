import { tf } from "../tf.ts";
import type { Case } from "./case.ts";

const VOLUME = [2, 3, 4, 5, 3];

function unary(name: string, run: (x: tf.Tensor) => tf.Tensor, options: Partial<Case> = {}): Case {
  return {
    name: `tf.${name}`,
    shapes: { x: VOLUME },
    linear: true,
    ...options,
    run: ({ x }) => tf.tidy(() => run(x)),
  };
}

function binary(
  name: string,
  run: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
  shapes: Record<"a" | "b", number[]> = { a: VOLUME, b: VOLUME },
): Case {
  return { name: `tf.${name}`, shapes, linear: true, run: ({ a, b }) => tf.tidy(() => run(a, b)) };
}

/** Operations of TensorFlow.js that a training step uses, and that a backend may have made faster. */
export const STOCK_CASES: Case[] = [
  binary("add", (a, b) => tf.add(a, b)),
  binary("add of a channel vector", (a, b) => tf.add(a, b), { a: VOLUME, b: [3] }),
  binary("add of a tensor to itself", (a, b) => tf.add(tf.add(a, a), b)),
  binary("sub", (a, b) => tf.sub(a, b)),
  binary("mul", (a, b) => tf.mul(a, b)),
  binary("mul by a scalar", (a, b) => tf.mul(a, b), { a: VOLUME, b: [] }),
  binary("mul of a channel vector", (a, b) => tf.mul(a, b), { a: VOLUME, b: [3] }),
  binary("addN", (a, b) => tf.addN([a, b, a])),
  binary("concat of channels", (a, b) => tf.concat([a, b], 4), { a: VOLUME, b: [2, 3, 4, 5, 2] }),
  binary("matMul", (a, b) => tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D), {
    a: [5, 7],
    b: [7, 3],
  }),
  unary("pad", (x) => tf.pad(x, [[0, 0], [1, 0], [0, 2], [1, 1], [0, 0]])),
  unary("pad of channels", (x) => tf.pad(x, [[0, 1], [0, 0], [0, 0], [0, 0], [2, 1]])),
  unary("slice", (x) => tf.slice(x, [0, 1, 1, 2, 0], [2, 2, 3, 2, 3])),
  unary("slice of channels", (x) => tf.slice(x, [1, 0, 0, 0, 1], [1, 3, 4, 5, 2])),
  unary(
    "stridedSlice",
    (x) => tf.stridedSlice(x, [0, 0, 1, 1, 0], [2, 3, 4, 5, 3], [1, 2, 2, 3, 1]),
  ),
  unary(
    "stridedSlice backwards",
    (x) => tf.stridedSlice(x, [0, 2, 3, -1, 1], [2, 0, 0, 0, 2], [1, -1, -2, -3, 1], 0, 8),
  ),
  unary("conv3dTranspose", (x) => {
    const filter = tf.ones([3, 3, 3, 2, 3]) as tf.Tensor5D;
    return tf.conv3dTranspose(x as tf.Tensor5D, filter, [2, 6, 8, 10, 2], 2, "same");
  }),
  unary("sum over the volume", (x) => tf.sum(x, [1, 2, 3])),
  unary("mean", (x) => tf.mean(x)),
  unary("reshape and transpose", (x) => tf.transpose(tf.reshape(x, [2, 12, 15]), [2, 0, 1])),
  unary("neg", (x) => tf.neg(x)),
  unary("square", (x) => tf.square(x), { linear: false }),
  unary("exp", (x) => tf.exp(x), { linear: false }),
  unary("log", (x) => tf.log(tf.add(tf.square(x), 1)), { linear: false }),
  unary("sigmoid", (x) => tf.sigmoid(x), { linear: false }),
  unary("softmax", (x) => tf.softmax(x), { linear: false, scale: 2 }),
  unary("logSoftmax", (x) => tf.logSoftmax(x), { linear: false, scale: 2 }),
];
