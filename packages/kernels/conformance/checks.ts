import { assert, assertEquals } from "@std/assert";
import { valueAndGradients } from "../ops/value_and_gradients.ts";
import { tf } from "../tf.ts";
import type { Case, Values } from "./case.ts";
import { inputsOf, normals } from "./random.ts";

/** Against values of the same backend or of the cpu: of the largest value, and of each. */
const ABSOLUTE = 2e-6;
const RELATIVE = 1e-5;

/** A gradient against central differences: of the length of the gradient, for functions not linear. */
const DIFFERENCE = 1e-4;

/** The output of a case and the gradient of Σ y·w in each input, w random. */
export interface Results {
  /** y. */
  output: Values;
  /** By the name of the input. */
  gradients: Record<string, Values>;
}

/** Runs a case forward and backward on the current backend, and leaves no tensor behind. */
export function evaluate(each: Case): Results {
  return scoped(() => {
    const inputs = tensors(inputsOf(each));
    const names = Object.keys(inputs);
    const output = read(each.run(inputs));
    const weight = tf.tensor(weightsOf(each, output), output.shape, "float32");
    const gradients = tf.grads((...values) => {
      return each.run(Object.fromEntries(names.map((name, i) => [name, values[i]])));
    })(Object.values(inputs), weight);
    return {
      output,
      gradients: Object.fromEntries(names.map((name, i) => [name, read(gradients[i])])),
    };
  });
}

/**
 * Asserts that `valueAndGradients` gives the bytes of `tf.variableGrads`; each variable is used twice.
 */
export function assertGradientsEqualStock(each: Case): void {
  scoped(() => {
    const inputs = tensors(inputsOf(each));
    const variables = Object.values(inputs).map((input) => tf.variable(input));
    const names = Object.keys(inputs);
    const loss = () => {
      const run = () => each.run(Object.fromEntries(names.map((name, i) => [name, variables[i]])));
      return tf.sum(tf.mul(run(), tf.add(run(), 0.5))) as tf.Scalar;
    };
    const { value, grads } = tf.variableGrads(loss, variables);
    const expected = [value, ...variables.map(({ name }) => grads[name])].map(read);
    const actual = valueAndGradients(loss, variables);
    assertEquals([actual.value, ...actual.gradients.map((each) => each!)].map(read), expected);
    tf.dispose(variables);
  });
}

/** Asserts that two results agree but for the order of summation in float32. */
export function assertResultsClose(actual: Results, expected: Results): void {
  assertValuesClose("output", actual.output, expected.output);
  for (const [name, gradient] of Object.entries(expected.gradients)) {
    assertValuesClose(`gradient of ${name}`, actual.gradients[name], gradient);
  }
}

/** Asserts that values agree within 2e-6 of the largest plus 1e-5 of each. */
export function assertValuesClose(what: string, actual: Values, expected: Values): void {
  assertEquals(actual.shape, expected.shape, `shape of ${what}`);
  const largest = expected.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  for (let i = 0; i < expected.values.length; i++) {
    const difference = Math.abs(actual.values[i] - expected.values[i]);
    assert(
      difference <= ABSOLUTE * largest + RELATIVE * Math.abs(expected.values[i]),
      `${what}[${i}]: expected ${expected.values[i]}, found ${
        actual.values[i]
      } (largest ${largest})`,
    );
  }
}

/**
 * Asserts that each gradient is the slope of Σ y·w along a random direction. The sum is taken in float64;
 * the central difference is of fourth order, or for a linear function of second order with a step of 1.
 * The tolerance is 1e-4 of the length of the gradient, 1e-5 for a linear function: a slope along a
 * direction of normally distributed numbers is as large as that length, on average.
 */
export function assertGradientsAreSlopes(each: Case, { gradients }: Results): void {
  const inputs = inputsOf(each);
  for (const [name, gradient] of Object.entries(gradients)) {
    const direction = normals(`${each.name}/${name}/direction`, gradient.values.length);
    const along = (step: number) => {
      const moved = inputs[name].values.map((value, i) => value + step * direction[i]);
      return weightedSum(each, { ...inputs, [name]: { ...inputs[name], values: moved } });
    };
    const central = (step: number) => (along(step) - along(-step)) / (2 * step);
    const { step = 0.02 } = each;
    const slope = each.linear ? central(1) : (4 * central(step) - central(2 * step)) / 3;
    const claimed = gradient.values.reduce((sum, value, i) => sum + value * direction[i], 0);
    const length = Math.hypot(...gradient.values);
    assert(length > 0, `gradient of ${name} is zero everywhere`);
    const tolerance = (each.linear ? DIFFERENCE / 10 : DIFFERENCE) * length;
    assert(
      Math.abs(slope - claimed) <= tolerance,
      `gradient of ${name}: slope ${slope}, gradient · direction ${claimed}, tolerance ${tolerance}`,
    );
  }
}

/** Asserts that an output outlives its inputs, and the inputs their output. */
export function assertMemoryIsOwn(each: Case, { output }: Results): void {
  const values = inputsOf(each);
  const inputs = tensors(values);
  // Not in a tidy: an operation cleans up after itself.
  const first = each.run(inputs);
  each.run(inputs).dispose();
  for (const [name, input] of Object.entries(inputs)) {
    assertEquals(input.dataSync(), values[name].values, `${name} was changed`);
  }
  tf.dispose(inputs);
  // Whatever was freed is now taken by other numbers.
  const rubbish = Array.from({ length: 4 }, () => tf.fill([output.values.length], 1e30));
  assertEquals(read(first), output, "the output changed when its inputs went");
  tf.dispose([first, ...rubbish]);
}

function weightedSum(each: Case, inputs: Record<string, Values>): number {
  const y = scoped(() => read(each.run(tensors(inputs))));
  const weights = weightsOf(each, y);
  return y.values.reduce((sum, value, i) => sum + value * weights[i], 0);
}

function weightsOf(each: Case, output: Values): Float32Array {
  return new Float32Array(normals(`${each.name}/weights`, output.values.length));
}

function tensors(values: Record<string, Values>): Record<string, tf.Tensor> {
  return Object.fromEntries(
    Object.entries(values).map(([name, { shape, values }]) => [name, tf.tensor(values, shape)]),
  );
}

/** Runs a function whose result holds no tensors, and disposes of every tensor that it made. */
export function scoped<T>(run: () => T): T {
  let result!: T;
  tf.tidy(() => {
    result = run();
  });
  return result;
}

/** A copy of what a tensor holds. */
export function read(tensor: tf.Tensor): Values {
  return {
    shape: [...tensor.shape] as number[],
    values: (tensor.dataSync() as Float32Array).slice(),
  };
}
