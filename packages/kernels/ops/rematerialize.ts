import { backpropagate } from "../tape/backpropagate.ts";
import { isRecording, record } from "../tape/record.ts";
import { tf } from "../tf.ts";

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
    // A clone, so that an input that f returns as it is does not come out as itself.
    const value = tf.tidy(() => tf.clone(checkResult(f(values))));
    // Last: what is saved before f throws would stay for ever.
    save(values);
    return {
      value,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => recompute(f, saved, dy),
    };
  });
  return run(...inputs) as T;
}

/** The gradients of f for its inputs; zero, not an error, for one that f does not depend on. */
function recompute(
  f: (inputs: tf.Tensor[]) => tf.Tensor,
  inputs: tf.Tensor[],
  dy: tf.Tensor,
): tf.Tensor[] {
  return tf.tidy(() => {
    const gradients = isRecording()
      // For a gradient of this gradient, on the tape of that one.
      ? tf.engine().gradients(() => f(inputs), inputs, dy, true).grads
      : differentiate(() => f(inputs), inputs, dy);
    return gradients.map((gradient, i) => gradient ?? tf.zerosLike(inputs[i]));
  });
}

function differentiate(
  f: () => tf.Tensor,
  inputs: tf.Tensor[],
  dy: tf.Tensor,
): (tf.Tensor | undefined)[] {
  const { value, tape } = record(() => tf.clone(f()));
  value.dispose();
  return backpropagate(tape, { from: value, to: inputs }, tf.clone(dy));
}

function checkResult<T extends tf.Tensor>(value: T): T {
  if (!(value instanceof tf.Tensor)) {
    throw new TypeError(
      `Cannot rematerialize: expected the function to return one tensor, found ${typeof value}`,
    );
  }
  return value;
}
