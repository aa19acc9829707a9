import { assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { setBackend, tf } from "@mednext/kernels";
import { clipByGlobalNorm } from "./clip_by_global_norm.ts";
import { createAdamW } from "./create_adamw.ts";
import type { Optimizer } from "./optimizer.ts";
import golden from "../testdata/golden.json" with { type: "json" };

await setBackend("cpu");

const { shapes, start, steps, firstMoment, secondMoment } = golden.adamw;
type Name = keyof typeof shapes;
const NAMES: Name[] = ["a", "b"];

function tensorOf(values: number[], name: Name): tf.Tensor {
  return tf.reshape(tf.tensor1d(values), shapes[name] as [number]);
}

function startVariables(): Map<string, tf.Variable> {
  return new Map(NAMES.map((name) => [name, tf.variable(tensorOf(start[name], name))]));
}

function assertClose(actual: ArrayLike<number>, expected: number[], tolerance: number): void {
  assertEquals(actual.length, expected.length);
  expected.forEach((value, i) => assertAlmostEquals(actual[i], value, tolerance));
}

function gradientsOf(step: typeof steps[number], key: "gradients" | "clipped" = "gradients") {
  return new Map<string, tf.Tensor>(NAMES.map((name) => [name, tensorOf(step[key][name], name)]));
}

Deno.test("clipByGlobalNorm() and createAdamW() follow PyTorch over five steps", async () => {
  const variables = startVariables();
  const optimizer = createAdamW(variables);
  for (const step of steps) {
    const gradients = gradientsOf(step);
    assertAlmostEquals(await clipByGlobalNorm(gradients, 12), step.norm, step.norm * 2e-7);
    for (const name of NAMES) {
      assertClose(gradients.get(name)!.dataSync(), step.clipped[name], 1e-6);
    }
    optimizer.step(gradients, step.learningRate);
    for (const name of NAMES) {
      assertClose(variables.get(name)!.dataSync(), step.weights[name], 3e-7);
    }
  }
  const state = await optimizer.state();
  assertEquals([...state.keys()], [
    "step",
    ...["first_moment/a", "second_moment/a", "first_moment/b", "second_moment/b"],
  ]);
  assertEquals(state.get("step"), { shape: [], data: Float32Array.of(5) });
  assertEquals(state.get("first_moment/a")!.shape, [3, 4]);
  for (const name of NAMES) {
    assertClose(state.get(`first_moment/${name}`)!.data, firstMoment[name], 1e-6);
    assertClose(state.get(`second_moment/${name}`)!.data, secondMoment[name], 1e-6);
  }
});

function takeSteps(optimizer: Optimizer, from: number, to: number): void {
  for (const step of steps.slice(from, to)) {
    optimizer.step(gradientsOf(step, "clipped"), step.learningRate);
  }
}

Deno.test("createAdamW() goes on with the same bytes when restored", async () => {
  const through = startVariables();
  takeSteps(createAdamW(through), 0, 5);

  const before = startVariables();
  const first = createAdamW(before);
  takeSteps(first, 0, 2);
  const state = await first.state();
  takeSteps(first, 2, 3); // What was copied out does not change any more.
  const after = startVariables();
  const interrupted = startVariables();
  takeSteps(createAdamW(interrupted), 0, 2);
  for (const name of NAMES) after.get(name)!.assign(interrupted.get(name)!);
  const second = createAdamW(after);
  second.restore(state);
  assertEquals(second.steps, 2);
  takeSteps(second, 2, 5);
  for (const name of NAMES) {
    assertEquals(after.get(name)!.dataSync(), through.get(name)!.dataSync());
  }
});

Deno.test("createAdamW() keeps its tensors through tidy and frees them when disposed", () => {
  const variables = startVariables();
  const before = tf.memory().numTensors;
  const optimizer = tf.tidy(() => {
    const made = createAdamW(variables);
    takeSteps(made, 0, 2);
    return made as unknown as tf.Tensor;
  }) as unknown as Optimizer;
  assertEquals(tf.memory().numTensors, before + 4);
  tf.tidy(() => takeSteps(optimizer, 2, 5));
  assertEquals(tf.memory().numTensors, before + 4);
  optimizer.dispose();
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("createAdamW() leaves variables without a gradient alone", () => {
  const variables = startVariables();
  const optimizer = createAdamW(variables);
  const gradients = gradientsOf(steps[0]);
  gradients.delete("b");
  optimizer.step(gradients, 1e-3);
  assertClose(variables.get("b")!.dataSync(), start.b, 1e-7);
  assertEquals(variables.get("a")!.dataSync()[0] === Math.fround(start.a[0]), false);
});

Deno.test("createAdamW() refuses gradients and states of other variables", async () => {
  const optimizer = createAdamW(startVariables());
  assertThrows(
    () => optimizer.step(new Map([["c", tf.zeros([1])]]), 1),
    RangeError,
    'Cannot step AdamW as "c" is the gradient of no variable',
  );
  assertThrows(
    () => optimizer.step(new Map([["b", tf.zeros([4])]]), 1),
    RangeError,
    'Cannot step AdamW as the gradient of "b" must be [5]: it is [4]',
  );
  const state = await optimizer.state();
  state.set("first_moment/c", { shape: [1], data: new Float32Array(1) });
  state.set("first_moment/b", { shape: [4], data: new Float32Array(4) });
  state.set("second_moment/b", { shape: [5], data: new Float32Array(4) });
  state.delete("second_moment/a");
  assertThrows(
    () => optimizer.restore(state),
    RangeError,
    'Cannot restore AdamW as names and shapes must match: "second_moment/a" is missing; "first_moment/b" is [4] and must be [5]; "second_moment/b" is [5] and has 4 values; "first_moment/c" is unexpected',
  );
  const halfway = await optimizer.state();
  halfway.get("step")!.data[0] = 0.5;
  assertThrows(
    () => optimizer.restore(halfway),
    RangeError,
    'Cannot restore AdamW as "step" must be a whole number: it is 0.5',
  );
});

Deno.test("clipByGlobalNorm() keeps the very tensors when their norm is small", async () => {
  const gradient = tf.tensor1d([3, 4]);
  const gradients = new Map<string, tf.Tensor>([["a", gradient]]);
  assertEquals(await clipByGlobalNorm(gradients), 5);
  assertEquals(gradients.get("a") === gradient, true);
});

Deno.test("clipByGlobalNorm() disposes of what it replaces", async () => {
  const gradients = gradientsOf(steps[1]);
  const before = tf.memory().numTensors;
  await clipByGlobalNorm(gradients, 1);
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("clipByGlobalNorm() refuses a norm that is not finite", async () => {
  const gradients = new Map<string, tf.Tensor>([["a", tf.tensor1d([NaN])]]);
  const cases: [() => Promise<unknown>, string][] = [
    [
      () => clipByGlobalNorm(gradients, 1),
      "Cannot clip gradients as their norm must be finite: it is NaN",
    ],
    [
      () => clipByGlobalNorm(gradients, 0),
      "Cannot clip gradients as maxNorm must be above zero: current value is 0",
    ],
  ];
  for (const [run, message] of cases) {
    assertEquals((await assertRejects(run, RangeError)).message, message);
  }
});
