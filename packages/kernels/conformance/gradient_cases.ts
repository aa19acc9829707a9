import { gelu } from "../ops/gelu.ts";
import { groupNorm } from "../ops/group_norm.ts";
import { pointwiseConv3d } from "../ops/pointwise_conv3d.ts";
import { rematerialize } from "../ops/rematerialize.ts";
import { valueAndGradients } from "../ops/value_and_gradients.ts";
import { tf } from "../tf.ts";

/** Of variables; `hand` is what its gradient functions do with a tensor that is not new before they return it. */
type Function = (variables: tf.Tensor[], hand: Hand) => tf.Tensor;
type Hand = (tensor: tf.Tensor) => tf.Tensor;

/** Returns it. */
export const asItIs: Hand = (tensor) => tensor;
/** TensorFlow.js frees one of the two references where a gradient function returns one tensor twice, and fails. */
export const cloned: Hand = (tensor) => tf.clone(tensor);

const VOLUME = [1, 3, 4, 5, 2];

/** An operation whose gradients are what came in, twice. */
const plus = (a: tf.Tensor, b: tf.Tensor, hand: Hand) =>
  tf.customGrad((a, b) => ({
    value: tf.add(a as tf.Tensor, b as tf.Tensor),
    gradFunc: (dy: tf.Tensor) => [hand(dy), hand(dy)],
  }))(a, b);

/** An operation whose gradient for one input is what it has saved, for the other something from outside. */
const odd = (a: tf.Tensor, b: tf.Tensor, { outside, hand }: { outside: tf.Tensor; hand: Hand }) =>
  tf.customGrad((a, b, save) => {
    (save as unknown as (tensors: tf.Tensor[]) => void)([a as tf.Tensor]);
    return {
      value: tf.mul(a as tf.Tensor, b as tf.Tensor),
      gradFunc: (_dy: tf.Tensor, saved: tf.Tensor[]) => [hand(saved[0]), hand(outside)],
    };
  })(a, b);

/** A block with a residual: inputs used twice, several outputs, statistics that are saved. */
export const block = ([x, gamma, beta, expand, compress]: tf.Tensor[]) => {
  const wide = gelu(pointwiseConv3d(groupNorm(x, gamma, beta), expand));
  return tf.add(x, pointwiseConv3d(wide, compress));
};
/** The shapes of its inputs. */
export const BLOCK = [VOLUME, [2], [2], [2, 6], [6, 2]];

/** Functions that a backward pass can get wrong, with the shapes of their variables. */
export const GRADIENT_CASES: { name: string; shapes: number[][]; f: Function }[] = [
  { name: "a sum is of a variable and itself", shapes: [[3]], f: ([a]) => tf.add(a, tf.add(a, a)) },
  { name: "a product is of a variable and itself", shapes: [[3]], f: ([a]) => tf.mul(a, a) },
  {
    name: "a variable is broadcast",
    shapes: [VOLUME, [2]],
    f: ([a, b]) => tf.sub(tf.add(a, b), b),
  },
  {
    name: "a gradient function returns what it got",
    shapes: [[3], [3]],
    f: ([a, b], hand) => {
      const sum = plus(plus(a, b, hand), a, hand);
      return tf.mul(sum, plus(sum, b, hand));
    },
  },
  {
    name: "a gradient function returns what was saved or is a constant",
    shapes: [VOLUME, VOLUME, VOLUME],
    f: ([a, b, outside], hand) =>
      tf.square(odd(odd(a, b, { outside, hand }), b, { outside, hand })),
  },
  {
    name: "blocks follow each other",
    shapes: BLOCK,
    f: ([x, ...weights]) => block([block([block([x, ...weights]), ...weights]), ...weights]),
  },
  {
    name: "blocks are rematerialized, one inside of another",
    shapes: BLOCK,
    f: ([x, ...weights]) => {
      const again = (inputs: tf.Tensor[]) => rematerialize(block, inputs);
      const twice = ([x, ...rest]: tf.Tensor[]) => again([again([x, ...rest]), ...rest]);
      return rematerialize(twice, [block([x, ...weights]), ...weights]);
    },
  },
  {
    name: "only one of several outputs is used",
    shapes: [[4, 3]],
    f: ([a]) => tf.square(tf.split(a, 3, 1)[1]),
  },
  {
    name: "tensors are padded, cut, joined, averaged and reshaped",
    shapes: [VOLUME, VOLUME],
    f: ([a, b]) => {
      const joined = tf.concat([
        tf.pad(a, [[0, 0], [1, 0], [0, 0], [0, 2], [0, 0]]).slice(
          [0, 1, 0, 1, 0],
          VOLUME,
        ),
        tf.expandDims(b.reshape([15, 8]), 0).reshape(VOLUME),
      ], 4);
      return tf.mul(tf.mean(joined, [1, 2]), tf.addN([a, b, a]).sum([1, 2]).tile([1, 1, 2]));
    },
  },
  {
    name: "a gradient is part of the function",
    shapes: [[3], [3]],
    f: ([a, b]) => tf.grad((x) => tf.sum(tf.mul(tf.square(x), tf.add(x, b))))(a),
  },
  {
    name: "gradients of this kind are part of the function",
    shapes: [[3], [3]],
    f: ([a, b]) => {
      const inner = () => tf.sum(tf.mul(tf.square(a), b));
      return tf.square(valueAndGradients(inner, [a as tf.Variable]).gradients[0]!);
    },
  },
];
