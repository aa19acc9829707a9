import { tf } from "../tf.ts";

/** The part of TensorFlow.js' engine state that a nested gradient overwrites. */
interface TapeState {
  activeTape: unknown;
}

/**
 * Runs a function without keeping what it computes on the way, and computes that again in the backward
 * pass: less memory for more time (gradient checkpointing, arXiv 1604.06174). Values and gradients are
 * the same, to the byte.
 *
 * @example A block whose intermediates are not kept
 * ```ts
 * import { gelu, rematerialize, tf } from "@mednext/kernels";
 * import { assertEquals } from "@std/assert";
 *
 * const block = (x: tf.Tensor) => gelu(tf.mul(x, 3));
 * const x = tf.tensor1d([-1, 0.5, 2]);
 * const plain = tf.grad((t) => tf.sum(block(t)))(x);
 * const frugal = tf.grad((t) => tf.sum(rematerialize(([t]) => block(t), [t])))(x);
 * assertEquals(frugal.dataSync(), plain.dataSync());
 * ```
 *
 * @param f A pure function of the inputs. Gradients reach only what is in `inputs`, so weights that are
 *   to be trained must be among them; what else it uses counts as constant.
 * @param inputs The tensors that f is called with.
 * @returns What f returns, one tensor.
 * @throws {TypeError} If f does not return a tensor.
 */
export function rematerialize<T extends tf.Tensor = tf.Tensor>(
  f: (inputs: tf.Tensor[]) => T,
  inputs: tf.Tensor[],
): T {
  const run = tf.customGrad((...args) => {
    const save = args.pop() as unknown as (tensors: tf.Tensor[]) => void;
    const values = args as tf.Tensor[];
    save(values);
    return {
      value: checkResult(tf.tidy(() => f(values))),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => recompute(f, saved, dy),
    };
  });
  return run(...inputs) as T;
}

/**
 * The gradients of f by a tape of its own. TensorFlow.js clears its one tape at the end of that, while
 * the outer backward pass still needs its own, so the outer tape is put back.
 */
function recompute(
  f: (inputs: tf.Tensor[]) => tf.Tensor,
  inputs: tf.Tensor[],
  dy: tf.Tensor,
): tf.Tensor[] {
  const { state } = tf.engine() as unknown as { state: TapeState };
  const outer = state.activeTape;
  try {
    return tf.tidy(() => {
      // An input that f does not depend on has the gradient zero, not an error.
      const { grads } = tf.engine().gradients(() => f(inputs), inputs, dy, true);
      return grads.map((grad, i) => grad ?? tf.zerosLike(inputs[i]));
    });
  } finally {
    state.activeTape = outer;
  }
}

function checkResult<T extends tf.Tensor>(value: T): T {
  if (!(value instanceof tf.Tensor)) {
    throw new TypeError(
      `Cannot rematerialize: expected the function to return one tensor, found ${typeof value}`,
    );
  }
  return value;
}
