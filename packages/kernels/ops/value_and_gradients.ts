import { backpropagate } from "../tape/backpropagate.ts";
import { isRecording, record } from "../tape/record.ts";
import { tf } from "../tf.ts";

/** What {@linkcode valueAndGradients} computes; a type, as `tf.tidy` takes no interfaces for results. */
export type ValueAndGradients<T extends tf.Tensor = tf.Scalar> = {
  /** What the function returned. */
  value: T;
  /** The gradient of each variable, in the order of the variables; undefined where there is none. */
  gradients: (tf.Tensor | undefined)[];
};

/**
 * The value of a function and its gradients, as `tf.variableGrads` to the byte, with less memory.
 *
 * TensorFlow.js keeps every activation and every gradient until the backward pass is over. Here an activation goes
 * when the one gradient that needs it has been computed, a gradient when it has been passed on, and what
 * no gradient needs (of a sum or a padding: everything but the shapes) when the function moves on. Inside of
 * another gradient, where all of it is still needed, TensorFlow.js' own tape is used.
 *
 * @example Two variables, one of them unused
 * ```ts
 * import { tf, valueAndGradients } from "@mednext/kernels";
 * import { assertEquals } from "@std/assert";
 *
 * const [used, unused] = [tf.variable(tf.tensor1d([1, 2])), tf.variable(tf.scalar(3))];
 * const { value, gradients } = valueAndGradients(() => tf.sum(tf.square(used)), [used, unused]);
 * assertEquals([...value.dataSync()], [5]);
 * assertEquals(gradients.map((each) => each && [...each.dataSync()]), [[2, 4], undefined]);
 * ```
 *
 * @param f What is differentiated. It runs in a `tf.tidy` and returns one value.
 * @param variables What it is differentiated for; trainable or not.
 * @returns Tensors of the caller's, or of the scope that this is called in.
 * @throws {TypeError} If f does not return a tensor.
 * @throws {RangeError} If f returns more than one value, or a gradient function gives another shape than its input's.
 * @throws {Error} If there are no variables, if f depends on none of them, or if a kernel on the way has no gradient.
 *   Whatever is thrown, also by f, no tensor is left behind and TensorFlow.js goes on as before.
 */
export function valueAndGradients<T extends tf.Tensor = tf.Scalar>(
  f: () => T,
  variables: readonly tf.Variable[],
): ValueAndGradients<T> {
  if (variables.length === 0) {
    throw new Error("Cannot compute gradients: expected at least one variable, found none");
  }
  return tf.tidy(() => {
    const { value, gradients } = differentiate(() => checkValue(f()), [...variables]);
    if (gradients.every((gradient) => gradient === undefined)) {
      throw new Error(
        `Cannot compute gradients: expected the value to depend on one of the ${variables.length} variables, found that it depends on none`,
      );
    }
    return { value, gradients };
  });
}

function differentiate<T extends tf.Tensor>(
  f: () => T,
  variables: tf.Variable[],
): ValueAndGradients<T> {
  if (isRecording()) {
    const { value, grads } = tf.engine().gradients(f, variables, undefined, true);
    return { value, gradients: grads.map((gradient) => gradient ?? undefined) };
  }
  const { value, tape } = record(f);
  const gradients = backpropagate(tape, { from: value, to: variables }, tf.ones(value.shape));
  return { value, gradients };
}

function checkValue<T extends tf.Tensor>(value: T): T {
  if (!(value instanceof tf.Tensor)) {
    throw new TypeError(
      `Cannot compute gradients: expected the function to return one tensor, found ${typeof value}`,
    );
  }
  if (value.size !== 1) {
    throw new RangeError(
      `Cannot compute gradients: expected the function to return one value, found a tensor of shape [${
        value.shape.join(", ")
      }]`,
    );
  }
  return value;
}
