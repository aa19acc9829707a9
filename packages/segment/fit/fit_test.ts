import {
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { setBackend, tf } from "@mednext/kernels";
import { batchOf, bytesOf, RECIPE, start, twoHeads } from "../testdata/two_heads.ts";
import type { Batch } from "./batch.ts";
import { createFitState, type FitState } from "./create_fit_state.ts";
import { exportFitState } from "./export_fit_state.ts";
import { fit } from "./fit.ts";
import { importFitState } from "./import_fit_state.ts";
import { trainStep, type TrainStepReport } from "./train_step.ts";

await setBackend("cpu");

Deno.test("fit() ends with the same bytes when interrupted, exported and resumed elsewhere", async () => {
  const through = start();
  assertEquals(await fit(through, { batches: batchOf }), { step: 6, reason: "finished" });
  const untrained = bytesOf(await exportFitState(start()));

  const first = start();
  assertEquals(await fit(first, { batches: batchOf, steps: 3 }), { step: 3, reason: "steps" });
  const { json, tensors } = await exportFitState(first);
  await fit(first, { batches: batchOf }); // The copy does not follow the original.
  const resumed = start();
  importFitState(resumed, { json: JSON.parse(JSON.stringify(json)), tensors });
  assertEquals(resumed.step, 3);
  assertEquals(await fit(resumed, { batches: batchOf }), { step: 6, reason: "finished" });

  const [expected, actual] = [await exportFitState(through), await exportFitState(resumed)];
  assertEquals(bytesOf(actual), bytesOf(expected));
  assertNotEquals(bytesOf(actual)[1], untrained[1]);
  assertEquals(bytesOf(await exportFitState(first)), bytesOf(expected));
});

Deno.test("exportFitState() has the same names for every instance of a model", async () => {
  const names = [...(await exportFitState(start())).tensors.keys()];
  assertEquals(names.filter((name) => name.startsWith("weight/")), [
    "weight/stem/kernel",
    "weight/stem/bias",
    "weight/conv3d_1/kernel",
    "weight/conv3d_1/bias",
    "weight/conv3d_2/kernel",
    "weight/conv3d_2/bias",
  ]);
  assertEquals([...(await exportFitState(start())).tensors.keys()], names);
});

Deno.test("fit() lowers the loss and reports each step", async () => {
  // The coarse head sees averages, from which its labels do not follow: only the first can be learnt.
  const loss = { weights: [1, 0] };
  const state = start({ totalSteps: 40, learningRate: 0.05, loss });
  const reports: TrainStepReport[] = [];
  await fit(state, { batches: batchOf, onStep: (report) => void reports.push(report) });
  assertEquals(reports.map(({ step }) => step), [...Array(40).keys()]);
  assertEquals(reports[0].learningRate, 0.05);
  assertAlmostEquals(reports[20].learningRate, 0.05 * 0.5 ** 0.9, 1e-12);
  assertEquals(
    reports.every(({ gradientNorm, milliseconds }) => gradientNorm > 0 && milliseconds > 0),
    true,
  );
  const mean = (from: number) =>
    reports.slice(from, from + 5).reduce((sum, { loss }) => sum + loss / 5, 0);
  // Perfect is -1.
  assertEquals(mean(0) > -0.2 && mean(35) < -0.7, true, `${mean(0)} to ${mean(35)}`);
});

Deno.test("trainStep() scales the gradients to the largest norm", async () => {
  // With epsilon far above the gradients, the first step is learningRate · gradient / epsilon.
  const optimizer = { name: "adamw" as const, weightDecay: 0, epsilon: 1e6 };
  const recipe = { totalSteps: 1, learningRate: 1, optimizer };
  const change = async (maxGradientNorm: number) => {
    const state = start({ ...recipe, maxGradientNorm });
    const before = await exportFitState(state);
    const { gradientNorm } = await trainStep(state, batchOf(0));
    const moments = (await exportFitState(state)).tensors;
    assertEquals(before.tensors.size, moments.size);
    let square = 0;
    for (const [name, { data }] of moments) {
      if (!name.includes("first_moment")) continue;
      for (const value of data) square += (value / 0.1) ** 2;
    }
    return { gradientNorm, stepped: Math.sqrt(square) };
  };
  const free = await change(12);
  assertAlmostEquals(free.stepped, free.gradientNorm, 1e-6);
  const clipped = await change(0.25);
  assertEquals(clipped.gradientNorm, free.gradientNorm);
  assertAlmostEquals(clipped.stepped, 0.25, 1e-6);
});

Deno.test("fit() leaves no tensors behind over fifty steps", async () => {
  const state = start({ totalSteps: 50, maxGradientNorm: 0.1 });
  const counts = new Set<number>();
  await fit(state, { batches: batchOf, onStep: () => void counts.add(tf.memory().numTensors) });
  assertEquals(counts.size, 1);
  const [count] = counts;
  state.dispose();
  // Two moments of six weights.
  assertEquals(tf.memory().numTensors, count - 12);
});

Deno.test("fit() stops between steps when the signal aborts, with the state whole", async () => {
  const controller = new AbortController();
  const state = start();
  const error = await assertRejects(
    () =>
      fit(state, {
        batches: batchOf,
        signal: controller.signal,
        onStep: ({ step }) => {
          if (step === 1) controller.abort(new Error("stop it"));
        },
      }),
    Error,
  );
  assertEquals([error.message, state.step], ["stop it", 2]);
  const other = start();
  await fit(other, { batches: batchOf, steps: 2 });
  assertEquals(bytesOf(await exportFitState(state)), bytesOf(await exportFitState(other)));
});

Deno.test("fit() stops when its time is over, with a learning rate that falls with it", async () => {
  let milliseconds = 7;
  const rates: number[] = [];
  const result = await fit(start(), {
    batches(number) {
      milliseconds += 15_000;
      return batchOf(number);
    },
    maxMinutes: 1.5,
    minutesUsed: 0.5,
    now: () => milliseconds,
    onStep: ({ learningRate, waitedMilliseconds }) => {
      assertEquals(waitedMilliseconds, 15_000);
      rates.push(learningRate / RECIPE.learningRate!);
    },
  });
  assertEquals(result, { step: 4, reason: "time" });
  // Of six steps, 3, 4, 5 and 6 would have been taken by then.
  const expected = [3, 4, 5, 6].map((position) => (1 - position / 6) ** 0.9);
  rates.forEach((rate, i) => assertAlmostEquals(rate, expected[i], 1e-12));
});

Deno.test("fit() calls for a checkpoint every so many steps, also after an import", async () => {
  const state = start();
  const seen: number[] = [];
  const options = {
    batches: batchOf,
    checkpointEvery: 2,
    onCheckpoint: ({ step }: FitState) => void seen.push(step),
  };
  await fit(state, { ...options, steps: 3 });
  await fit(state, options);
  assertEquals(seen, [2, 4, 6]);
});

Deno.test("fit() gives the event loop a turn after each step", async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  await fit(start(), { batches: batchOf });
  clearInterval(timer);
  assertEquals(turns >= 3, true, `${turns} turns`);
});

Deno.test("trainStep() names the step and leaves the state when the loss is not finite", async () => {
  const state = start();
  await trainStep(state, batchOf(0));
  const before = bytesOf(await exportFitState(state));
  const tensors = tf.memory().numTensors;
  const images = batchOf(1).images.fill(NaN, 3, 4);
  const error = await assertRejects(() => trainStep(state, { ...batchOf(1), images }), Error);
  assertEquals(error.message, "Cannot train step 1 as its loss must be finite: it is NaN");
  assertEquals(bytesOf(await exportFitState(state)), before);
  assertEquals(tf.memory().numTensors, tensors);
});

Deno.test("trainStep() refuses a batch that does not fit", async () => {
  const state = start();
  const tensors = tf.memory().numTensors;
  const cases: [Batch, string][] = [
    [
      { ...batchOf(0), shape: [1, 4, 4, 3] },
      "Cannot use a batch as [1, 4, 4, 3] with 1 channel must hold 48 intensities and 48 labels: found 64 and 64",
    ],
    [
      { ...batchOf(0), labels: new Uint8Array(64).fill(2) },
      "Cannot use a batch as its labels must be below 2, the classes of the network: found 2",
    ],
  ];
  for (const [batch, message] of cases) {
    assertEquals((await assertRejects(() => trainStep(state, batch), RangeError)).message, message);
  }
  assertEquals([state.step, tf.memory().numTensors], [0, tensors]);
});

Deno.test("createFitState() refuses a model or a setting out of range", () => {
  const flat = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3] })] });
  assertThrows(
    () => createFitState(flat, RECIPE),
    RangeError,
    "Cannot train a model as its first output must be [N, D, H, W, classes]: it is [, 2]",
  );
  assertThrows(
    () => start({ totalSteps: 0 }),
    RangeError,
    "Cannot train a model as totalSteps must be above zero: current value is 0",
  );
  assertThrows(
    () => start({ totalSteps: 1, accumulate: 1.5 }),
    RangeError,
    "Cannot train a model as accumulate must be a positive integer: current value is 1.5",
  );
});

Deno.test("importFitState() refuses another model's snapshot and changes nothing", async () => {
  const state = start();
  const before = bytesOf(await exportFitState(state));
  const snapshot = await exportFitState(start());
  snapshot.tensors.delete("weight/stem/bias");
  snapshot.tensors.set("weight/extra", { shape: [1], data: new Float32Array(1) });
  assertThrows(
    () => importFitState(state, snapshot),
    RangeError,
    'Cannot import a training as names and shapes must match: "weight/stem/bias" is missing; "weight/extra" is unexpected',
  );
  const whole = await exportFitState(start());
  assertThrows(
    () => importFitState(state, { ...whole, json: { ...whole.json, step: 4 } }),
    RangeError,
    "Cannot import a training as its steps must agree: its JSON has 4, its tensors 0",
  );
  assertThrows(
    () => importFitState(state, { ...whole, json: { ...whole.json, version: 2 as 1 } }),
    RangeError,
    "Cannot import a training as its version must be 1: it is 2",
  );
  assertEquals(bytesOf(await exportFitState(state)), before);
});

Deno.test("createFitState() trains all but frozen weights and exports those too", async () => {
  const model = twoHeads();
  model.getLayer("stem").trainable = false;
  const state = createFitState(model, RECIPE);
  assertEquals(state.trained.has("stem/kernel"), false);
  const before = state.weights.get("stem/kernel")!.dataSync().slice();
  await fit(state, { batches: batchOf, steps: 2 });
  assertEquals(state.weights.get("stem/kernel")!.dataSync(), before);
  const { tensors } = await exportFitState(state);
  assertEquals(tensors.has("weight/stem/kernel"), true);
  assertEquals(tensors.has("optimizer/first_moment/stem/kernel"), false);
});
