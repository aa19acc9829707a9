import { adamwStep, tf } from "@mednext/kernels";
import type { StateDict } from "../state_dict.ts";
import { checkStateDict } from "../weights/check_state_dict.ts";

/** Settings of {@linkcode createAdamW}; the defaults are MedNeXt's. */
export interface AdamWOptions {
  /**
   * How fast weights decay, times the learning rate and independent of the gradients.
   * @default {3e-5}
   */
  weightDecay?: number;
  /**
   * Decay of the first moment.
   * @default {0.9}
   */
  beta1?: number;
  /**
   * Decay of the second moment.
   * @default {0.999}
   */
  beta2?: number;
  /**
   * Added to the root of the second moment.
   * @default {1e-4}
   */
  epsilon?: number;
}

/** An optimiser with two moments per variable; made by {@linkcode createAdamW}. */
export interface AdamW {
  /** The steps taken so far. */
  readonly steps: number;
  /**
   * Changes the variables by one step. A variable without a gradient is left alone.
   * @throws {RangeError} If a gradient is of no variable; nothing is changed then.
   */
  step(gradients: ReadonlyMap<string, tf.Tensor>, learningRate: number): void;
  /** A copy of what the next step depends on: `step`, `first_moment/<name>`, `second_moment/<name>`. */
  state(): Promise<StateDict>;
  /**
   * Goes on from a state.
   * @throws {RangeError} If names or shapes differ or the step is no whole number; nothing is changed then.
   */
  restore(state: StateDict): void;
  /** Frees the moments; the variables stay. */
  dispose(): void;
}

interface Moments {
  firstMoment: tf.Tensor;
  secondMoment: tf.Tensor;
}

/**
 * AdamW (arXiv 1711.05101) over variables, equal to `torch.optim.AdamW`.
 *
 * The variables keep their identity: a model whose weights they are is trained in place. Names are the
 * caller's, so that a saved state does not depend on how TensorFlow.js numbers its variables.
 *
 * @example One step against the gradient
 * ```ts
 * import { tf } from "@mednext/kernels";
 * import { createAdamW } from "@mednext/segment";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const weight = tf.variable(tf.tensor1d([1]));
 * const optimizer = createAdamW(new Map([["w", weight]]), { weightDecay: 0 });
 * optimizer.step(new Map([["w", tf.tensor1d([3])]]), 0.1);
 * assertAlmostEquals(weight.dataSync()[0], 0.9, 1e-5);
 * optimizer.dispose();
 * ```
 *
 * @param variables What is trained, by name.
 * @param options Decay, moments and epsilon.
 * @returns The optimiser, at step 0 with moments of zero.
 */
export function createAdamW(
  variables: ReadonlyMap<string, tf.Variable>,
  options: AdamWOptions = {},
): AdamW {
  const settings = { weightDecay: 3e-5, beta1: 0.9, beta2: 0.999, epsilon: 1e-4, ...options };
  const moments = new Map(Array.from(variables, ([name, { shape }]) => [name, zeros(shape)]));
  let steps = 0;
  return {
    get steps() {
      return steps;
    },
    step(gradients, learningRate) {
      checkGradients(gradients, variables);
      steps++;
      for (const [name, gradient] of gradients) {
        const variable = variables.get(name)!;
        const old = moments.get(name)!;
        const tensors = { weights: variable as tf.Tensor, gradient, ...old };
        const { weights, ...next } = adamwStep(tensors, { ...settings, learningRate, step: steps });
        variable.assign(weights);
        weights.dispose();
        replace(moments, name, next);
      }
    },
    state: () => readState(moments, steps),
    restore(state) {
      checkStateDict("restore AdamW", state, expectedShapes(variables));
      steps = stepOf(state);
      for (const name of variables.keys()) replace(moments, name, momentsOf(state, name));
    },
    dispose() {
      for (const old of moments.values()) tf.dispose([old.firstMoment, old.secondMoment]);
    },
  };
}

function zeros(shape: number[]): Moments {
  return kept({ firstMoment: tf.zeros(shape), secondMoment: tf.zeros(shape) });
}

/** Moments outlive any `tf.tidy` around a step. */
function kept(moments: Moments): Moments {
  tf.keep(moments.firstMoment);
  tf.keep(moments.secondMoment);
  return moments;
}

function replace(moments: Map<string, Moments>, name: string, next: Moments): void {
  const old = moments.get(name)!;
  moments.set(name, kept(next));
  tf.dispose([old.firstMoment, old.secondMoment]);
}

function checkGradients(
  gradients: ReadonlyMap<string, tf.Tensor>,
  variables: ReadonlyMap<string, tf.Variable>,
): void {
  for (const [name, gradient] of gradients) {
    const variable = variables.get(name);
    if (variable === undefined) {
      throw new RangeError(`Cannot step AdamW as "${name}" is the gradient of no variable`);
    }
    if (variable.shape.join() !== gradient.shape.join()) {
      throw new RangeError(
        `Cannot step AdamW as the gradient of "${name}" must be [${
          variable.shape.join(", ")
        }]: it is [${gradient.shape.join(", ")}]`,
      );
    }
  }
}

async function readState(moments: Map<string, Moments>, steps: number): Promise<StateDict> {
  // 32 bits count exactly to sixteen million.
  const state: StateDict = new Map([["step", { shape: [], data: Float32Array.of(steps) }]]);
  for (const [name, { firstMoment, secondMoment }] of moments) {
    state.set(`first_moment/${name}`, await copyOf(firstMoment));
    state.set(`second_moment/${name}`, await copyOf(secondMoment));
  }
  return state;
}

async function copyOf(tensor: tf.Tensor): Promise<{ shape: number[]; data: Float32Array }> {
  return { shape: [...tensor.shape], data: (await tensor.data()).slice() as Float32Array };
}

function expectedShapes(variables: ReadonlyMap<string, tf.Variable>): Map<string, number[]> {
  const shapes = new Map<string, number[]>([["step", []]]);
  for (const [name, { shape }] of variables) {
    shapes.set(`first_moment/${name}`, shape);
    shapes.set(`second_moment/${name}`, shape);
  }
  return shapes;
}

function stepOf(state: StateDict): number {
  const step = state.get("step")!.data[0];
  if (Number.isInteger(step) && step >= 0) return step;
  throw new RangeError(`Cannot restore AdamW as "step" must be a whole number: it is ${step}`);
}

function momentsOf(state: StateDict, name: string): Moments {
  const tensorOf = (key: string) => {
    const { data, shape } = state.get(`${key}/${name}`)!;
    return tf.tensor(data.slice(), shape as tf.Tensor["shape"], "float32");
  };
  return { firstMoment: tensorOf("first_moment"), secondMoment: tensorOf("second_moment") };
}
