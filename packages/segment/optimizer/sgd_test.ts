import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { setBackend, tf } from "@mednext/kernels";
import { createOptimizer, type OptimizerSettings } from "./create_optimizer.ts";
import { createSgd } from "./create_sgd.ts";
import recipe from "../testdata/recipe.json" with { type: "json" };

const { shapes, start, learningRates, gradients, runs } = recipe.sgd;
type Name = keyof typeof shapes;
const NAMES: Name[] = ["a", "b"];

function tensorOf(values: number[], name: Name): tf.Tensor {
  return tf.reshape(tf.tensor1d(values), shapes[name] as [number]);
}

function startVariables(): Map<string, tf.Variable> {
  return new Map(NAMES.map((name) => [name, tf.variable(tensorOf(start[name], name))]));
}

function gradientsOf(step: number): Map<string, tf.Tensor> {
  return new Map(NAMES.map((name) => [name, tensorOf(gradients[step][name], name)]));
}

function assertClose(actual: ArrayLike<number>, expected: number[], tolerance: number): void {
  assertEquals(actual.length, expected.length);
  expected.forEach((value, i) => assertAlmostEquals(actual[i], value, tolerance));
}

for (const backend of ["cpu", "wasm"] as const) {
  for (const { momentum, nesterov, weightDecay, weights, momenta } of runs) {
    const name = nesterov ? "nnU-Net's SGD" : "SGD without Nesterov";
    Deno.test(`createSgd() follows PyTorch over five steps of ${name}, ${backend}`, async () => {
      await setBackend(backend, { threads: 1 });
      const variables = startVariables();
      const optimizer = createSgd(variables, { momentum, nesterov, weightDecay });
      for (const [step, expected] of weights.entries()) {
        optimizer.step(gradientsOf(step), learningRates[step]);
        // Values of up to 3, each rounded to 32 bits a few times.
        for (const name of NAMES) {
          assertClose(variables.get(name)!.dataSync(), expected[name], 5e-7);
        }
      }
      const state = await optimizer.state();
      assertEquals([...state.keys()], ["step", "momentum/a", "momentum/b"]);
      for (const name of NAMES) {
        assertClose(state.get(`momentum/${name}`)!.data, momenta[name], 2e-6);
      }
    });
  }
}

Deno.test("createSgd() has nnU-Net's settings by default, and goes on with the same bytes when restored", async () => {
  await setBackend("cpu");
  const through = startVariables();
  const first = createSgd(through);
  first.step(gradientsOf(0), 0.1);
  const after = startVariables();
  const second = createOptimizer(after, { name: "sgd" });
  for (const name of NAMES) after.get(name)!.assign(through.get(name)!);
  second.restore(await first.state());
  assertEquals(second.steps, 1);
  first.step(gradientsOf(1), 0.1);
  second.step(gradientsOf(1), 0.1);
  const explicit = startVariables();
  const third = createSgd(explicit, { momentum: 0.99, nesterov: true, weightDecay: 3e-5 });
  for (const step of [0, 1]) third.step(gradientsOf(step), 0.1);
  for (const name of NAMES) {
    assertEquals(after.get(name)!.dataSync(), through.get(name)!.dataSync());
    assertEquals(explicit.get(name)!.dataSync(), through.get(name)!.dataSync());
  }
});

Deno.test("createSgd() leaves no tensors behind", async () => {
  await setBackend("cpu");
  const variables = startVariables();
  const given = gradientsOf(0);
  const before = tf.memory().numTensors;
  const optimizer = createSgd(variables);
  for (let i = 0; i < 3; i++) optimizer.step(given, 0.1);
  assertEquals(tf.memory().numTensors, before + 2);
  optimizer.dispose();
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("createSgd() and createOptimizer() refuse settings out of range", () => {
  const none = new Map<string, tf.Variable>();
  assertThrows(
    () => createSgd(none, { momentum: 1 }),
    RangeError,
    "Cannot create SGD as momentum must be at least 0 and below 1: current value is 1",
  );
  assertThrows(
    () => createSgd(none, { weightDecay: -1 }),
    RangeError,
    "Cannot create SGD as weightDecay must be at least 0: current value is -1",
  );
  assertThrows(
    () => createOptimizer(none, { name: "lion" } as unknown as OptimizerSettings),
    RangeError,
    "Cannot create an optimiser: expected the name adamw or sgd, found lion",
  );
});
