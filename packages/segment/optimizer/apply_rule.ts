import { tf } from "@mednext/kernels";
import type { StateDict } from "../state_dict.ts";
import { checkStateDict } from "../weights/check_state_dict.ts";
import type { Optimizer } from "./optimizer.ts";

/** What sets one optimiser apart from another. */
export interface UpdateRule {
  /** Its name in messages. */
  name: string;
  /** What is kept for each variable between two steps: tensors of its shape, zeros at first. */
  slots: readonly string[];
  /** New weights and new slots from the old ones; nothing is changed. */
  update(
    tensors: { weights: tf.Tensor; gradient: tf.Tensor; slots: readonly tf.Tensor[] },
    options: { learningRate: number; step: number },
  ): { weights: tf.Tensor; slots: tf.Tensor[] };
}

type Variables = ReadonlyMap<string, tf.Variable>;
type Slots = Map<string, tf.Tensor[]>;

/** An optimiser that applies a rule to each variable by itself. */
export function applyRule(variables: Variables, rule: UpdateRule): Optimizer {
  const slots: Slots = new Map(
    Array.from(variables, ([name, { shape }]) => [name, rule.slots.map(() => zeros(shape))]),
  );
  const shapes = () => expectedShapes(variables, rule);
  let steps = 0;
  return {
    get steps() {
      return steps;
    },
    step(gradients, learningRate) {
      checkGradients(gradients, variables, rule.name);
      steps++;
      for (const [name, gradient] of gradients) {
        const variable = variables.get(name)!;
        const tensors = { weights: variable as tf.Tensor, gradient, slots: slots.get(name)! };
        const next = rule.update(tensors, { learningRate, step: steps });
        variable.assign(next.weights);
        next.weights.dispose();
        replace(slots, name, next.slots);
      }
    },
    shapes,
    state: () => readState(slots, { steps, rule }),
    restore(state) {
      checkStateDict(`restore ${rule.name}`, state, shapes());
      steps = stepOf(state, rule.name);
      for (const name of variables.keys()) {
        replace(slots, name, rule.slots.map((slot) => tensorOf(state, `${slot}/${name}`)));
      }
    },
    dispose() {
      for (const tensors of slots.values()) tf.dispose(tensors);
    },
  };
}

/** Slots outlive any `tf.tidy` around a step. */
function zeros(shape: number[]): tf.Tensor {
  return tf.keep(tf.zeros(shape));
}

function replace(slots: Slots, name: string, next: tf.Tensor[]): void {
  const old = slots.get(name)!;
  slots.set(name, next.map((tensor) => tf.keep(tensor)));
  tf.dispose(old);
}

function checkGradients(
  gradients: ReadonlyMap<string, tf.Tensor>,
  variables: Variables,
  optimizer: string,
): void {
  for (const [name, gradient] of gradients) {
    const variable = variables.get(name);
    if (variable === undefined) {
      throw new RangeError(`Cannot step ${optimizer} as "${name}" is the gradient of no variable`);
    }
    if (variable.shape.join() !== gradient.shape.join()) {
      throw new RangeError(
        `Cannot step ${optimizer} as the gradient of "${name}" must be [${
          variable.shape.join(", ")
        }]: it is [${gradient.shape.join(", ")}]`,
      );
    }
  }
}

async function readState(
  slots: Slots,
  { steps, rule }: { steps: number; rule: UpdateRule },
): Promise<StateDict> {
  // 32 bits count exactly to sixteen million.
  const state: StateDict = new Map([["step", { shape: [], data: Float32Array.of(steps) }]]);
  for (const [name, tensors] of slots) {
    for (const [i, tensor] of tensors.entries()) {
      const data = (await tensor.data()).slice() as Float32Array;
      state.set(`${rule.slots[i]}/${name}`, { shape: [...tensor.shape], data });
    }
  }
  return state;
}

function expectedShapes(variables: Variables, rule: UpdateRule): Map<string, number[]> {
  const shapes = new Map<string, number[]>([["step", []]]);
  for (const [name, { shape }] of variables) {
    for (const slot of rule.slots) shapes.set(`${slot}/${name}`, shape);
  }
  return shapes;
}

function stepOf(state: StateDict, optimizer: string): number {
  const step = state.get("step")!.data[0];
  if (Number.isInteger(step) && step >= 0) return step;
  throw new RangeError(
    `Cannot restore ${optimizer} as "step" must be a whole number: it is ${step}`,
  );
}

function tensorOf(state: StateDict, key: string): tf.Tensor {
  const { data, shape } = state.get(key)!;
  return tf.tensor(data.slice(), shape as tf.Tensor["shape"], "float32");
}
