import { tf } from "../tf.ts";
import { connectingNodes } from "./connecting_nodes.ts";
import { freeSaved, inputsOf, type TapeNode } from "./tape_node.ts";

/** The gradients of tensors, by the ids of those. Each is a tensor of its own, which nothing else refers to. */
type Gradients = Map<number, tf.Tensor>;

/** Where a backward pass starts and where it goes. */
export interface Path {
  /** What was computed. */
  from: tf.Tensor;
  /** What it was computed from. */
  to: readonly tf.Tensor[];
}

/**
 * Walks a tape backwards. Values are those of TensorFlow.js to the byte, as it runs the same kernels in the same
 * order; but what an operation has saved and the gradients of its outputs are freed as soon as the gradients
 * of its inputs are there.
 *
 * @param tape What was recorded; when this returns or throws, nothing of it is saved any more.
 * @param path From where to where.
 * @param dy The gradient of `path.from`; it is freed, at the latest by the scope that it is in.
 * @returns One gradient for each of `path.to`; undefined where there is no way.
 */
export function backpropagate(
  tape: readonly TapeNode[],
  path: Path,
  dy: tf.Tensor,
): (tf.Tensor | undefined)[] {
  const gradients: Gradients = new Map([[path.from.id, dy]]);
  try {
    return tf.tidy(() => {
      const nodes = connectingNodes(tape, path);
      freeSaved(tape.filter((node) => !nodes.has(node)));
      for (const [node, names] of [...nodes].reverse()) passThrough(node, names, gradients);
      return path.to.map(({ id }) => gradients.get(id));
    });
  } finally {
    freeSaved(tape);
  }
}

/** Takes the gradients of a node's outputs, and adds to those of its inputs. */
function passThrough(node: TapeNode, names: ReadonlySet<string>, gradients: Gradients): void {
  const dys = node.outputs.map(({ id }) => take(gradients, id));
  const inputs = inputsOf(node).filter(([name]) => names.has(name));
  const contributions = tf.tidy(() => inputGradients(node, inputs, dys));
  tf.dispose(dys.filter((each) => each !== null));
  freeSaved([node]);
  inputs.forEach(([, { id }], i) => add(gradients, id, contributions[i]));
}

/** The gradients of a node's inputs, each as a tensor of its own. */
function inputGradients(
  node: TapeNode,
  inputs: readonly [string, tf.Tensor][],
  dys: (tf.Tensor | null)[],
): tf.Tensor[] {
  const { kernelName, gradient } = node;
  if (gradient === undefined) {
    throw new Error(`Cannot compute a gradient: the kernel '${kernelName}' has none`);
  }
  const functions = gradient(dys);
  return inputs.map(([name, input]) => {
    if (!(name in functions)) {
      throw new Error(
        `Cannot compute a gradient: that of '${kernelName}' has none for its input '${name}', only for: ${
          Object.keys(functions).join(", ")
        }`,
      );
    }
    // It may be what came in, something saved or a constant; a clone shares its memory and can be freed.
    const dx = tf.tidy(() => tf.clone(functions[name]()));
    checkGradient(dx, input, `input '${name}' of '${kernelName}'`);
    return dx;
  });
}

function checkGradient(dx: tf.Tensor, x: tf.Tensor, what: string): void {
  const [expected, found] = [["float32", x], [dx.dtype, dx]] as const;
  const describe = ([dtype, { shape }]: readonly [string, tf.Tensor]) =>
    `${dtype} [${shape.join(", ")}]`;
  if (describe(found) === describe(expected)) return;
  throw new RangeError(
    `Cannot compute a gradient: expected that of ${what} to be ${describe(expected)}, found ${
      describe(found)
    }`,
  );
}

function take(gradients: Gradients, id: number): tf.Tensor | null {
  const gradient = gradients.get(id) ?? null;
  gradients.delete(id);
  return gradient;
}

function add(gradients: Gradients, id: number, contribution: tf.Tensor): void {
  const before = gradients.get(id);
  if (before === undefined) {
    gradients.set(id, contribution);
    return;
  }
  gradients.set(id, tf.add(before, contribution));
  tf.dispose([before, contribution]);
}
