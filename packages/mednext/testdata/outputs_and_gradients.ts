import { tf } from "@mednext/kernels";
import { loadStateDict } from "../load_state_dict.ts";
import { modelConfig } from "../model_config.ts";
import { parameterShapes } from "../parameter_shapes.ts";
import { unitLayersOf } from "../units/unit_layers_of.ts";
import { filled, sequence } from "./sequence.ts";

/** Fills a network's weights by the rule of the expected values. */
export function fill(model: tf.LayersModel): void {
  const shapes = parameterShapes(modelConfig(model));
  loadStateDict(
    model,
    new Map([...shapes].map(([name, shape]) => [name, { shape, data: filled(name, shape) }])),
  );
}

/** The input of the expected values: drawn channels first, given channels last. `shape` is `[N, C, ...spatial]`. */
export function filledInput(shape: number[]): tf.Tensor {
  const count = shape.reduce((product, n) => product * n, 1);
  const values = Float32Array.from(sequence("input", count));
  const [batch, channels, ...spatial] = shape.map((_, axis) => axis);
  return tf.tidy(() => tf.transpose(tf.tensor(values, shape), [batch, ...spatial, channels]));
}

/** What a network makes of an input. */
export interface OutputsAndGradients {
  /** One output, or five. */
  heads: { shape: number[]; values: Float32Array }[];
  /** The gradient of the sum over the heads of mean(output²) for each parameter, in our layout. */
  gradients: Map<string, Float32Array>;
  /** The same for the input. */
  inputGradient: Float32Array;
}

/** The L2 norm. */
export const norm = (values: ArrayLike<number>): number =>
  Math.sqrt(Array.from(values).reduce((sum, value) => sum + value * value, 0));

/** Runs a network forwards and backwards. */
export function outputsAndGradients(model: tf.LayersModel, input: tf.Tensor): OutputsAndGradients {
  const names = new Map(
    unitLayersOf(model).flatMap(({ unit, parameters }) =>
      parameters.map(({ spec, weight }) => [
        (weight.read() as tf.Variable).name,
        `${unit.name}.${spec.name}`,
      ])
    ),
  );
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const x = tf.variable(input);
  const heads: OutputsAndGradients["heads"] = [];
  const { value, grads } = tf.variableGrads(() => {
    const output = model.apply(x) as tf.Tensor | tf.Tensor[];
    const losses = (Array.isArray(output) ? output : [output]).map((head) => {
      heads.push({ shape: head.shape, values: head.dataSync() as Float32Array });
      return tf.mean(tf.square(head)) as tf.Scalar;
    });
    return tf.addN(losses) as tf.Scalar;
  }, [x, ...variables]);
  const valuesOf = (variable: string) => grads[variable].dataSync() as Float32Array;
  const inputGradient = valuesOf(x.name);
  const gradients = new Map([...names].map(([variable, name]) => [name, valuesOf(variable)]));
  tf.dispose([value, x, ...Object.values(grads)]);
  return { heads, gradients, inputGradient };
}

/** The largest difference over the largest expected magnitude. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let difference = 0;
  let magnitude = 0;
  for (let i = 0; i < expected.length; i++) {
    difference = Math.max(difference, Math.abs(actual[i] - expected[i]));
    magnitude = Math.max(magnitude, Math.abs(expected[i]));
  }
  return difference / magnitude;
}

/** Gradients below this part of the largest are rounding noise around a true zero. */
const NOISE = 1e-6;

/**
 * The gradient norm that is furthest from the expected one, relative to that one. Of a gradient that is rounding noise
 * around a true zero (a bias right before a normalisation, say) nothing but its smallness can be asked: it counts as
 * right while it stays below the floor, and as infinitely wrong above.
 */
export function worstGradient(
  actual: ReadonlyMap<string, Float32Array>,
  expected: Record<string, number>,
): { name: string; error: number } {
  const floor = NOISE * Math.max(...Object.values(expected));
  const errors = Object.entries(expected).map(([name, value]) => {
    const found = norm(actual.get(name) ?? [NaN]);
    if (value < floor) return { name, error: found < floor ? 0 : Infinity };
    return { name, error: Math.abs(found - value) / value };
  });
  return errors.reduce((worst, each) => each.error <= worst.error ? worst : each);
}
