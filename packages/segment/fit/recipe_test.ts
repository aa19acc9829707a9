import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { setBackend, tf } from "@mednext/kernels";
import { batchOf, bytesOf, RECIPE, start } from "../testdata/two_heads.ts";
import type { Batch } from "./batch.ts";
import type { FitOptions } from "./create_fit_state.ts";
import { exportFitState } from "./export_fit_state.ts";
import { fit, type FitStepReport } from "./fit.ts";
import { importFitState } from "./import_fit_state.ts";
import { trainStep } from "./train_step.ts";

await setBackend("cpu");

Deno.test("fit() lets the learning rate fall with the share of the time, also of that used before", async () => {
  const rates: number[] = [];
  const state = start({ totalSteps: 1e6, learningRate: 1, exponent: 1 });
  const minutes = { maxMinutes: 1, minutesUsed: 0.75 };
  const onStep = ({ learningRate }: FitStepReport) => void rates.push(learningRate);
  await fit(state, { batches: batchOf, steps: 2, ...minutes, onStep });
  // Three quarters of the time were used; how fast the rest goes by is the machine's.
  assertEquals(rates[0] <= 0.25 && rates[1] < rates[0] && rates[1] > 0, true, rates.join());
  assertEquals((await fit(state, { batches: batchOf, ...minutes, minutesUsed: 2 })).reason, "time");
  const error = await assertRejects(
    () => fit(state, { batches: batchOf, maxMinutes: 0 }),
    RangeError,
  );
  assertEquals(error.message, "Cannot train as maxMinutes must be above zero: current value is 0");
});

Deno.test("fit() averages the gradients of several batches into the step of one large batch", async () => {
  const joined = (step: number): Batch => {
    const [a, b] = [batchOf(2 * step), batchOf(2 * step + 1)];
    return {
      images: Float32Array.of(...a.images, ...b.images),
      labels: Uint8Array.of(...a.labels, ...b.labels),
      shape: [2, 4, 4, 4],
    };
  };
  const optimizer = { name: "sgd" as const };
  const large = start({ ...RECIPE, optimizer });
  const losses: number[][] = [[], []];
  const telling = (run: number) => ({ loss }: FitStepReport) => void losses[run].push(loss);
  await fit(large, { batches: joined, steps: 3, onStep: telling(0) });
  const small = start({ ...RECIPE, optimizer, accumulate: 2 });
  const tensors = tf.memory().numTensors;
  await fit(small, { batches: batchOf, steps: 3, onStep: telling(1) });
  assertEquals(tf.memory().numTensors, tensors);
  // Rounding to 32 bits, three steps long.
  losses[0].forEach((loss, step) => assertAlmostEquals(losses[1][step], loss, 1e-6));
  const [expected, actual] = [await exportFitState(large), await exportFitState(small)];
  for (const [name, { data }] of expected.tensors) {
    data.forEach((value, i) => assertAlmostEquals(actual.tensors.get(name)!.data[i], value, 2e-6));
  }
});

Deno.test("fit() with SGD ends with the same bytes when resumed", async () => {
  const recipe: FitOptions = { ...RECIPE, optimizer: { name: "sgd" }, warmupSteps: 2 };
  const through = start(recipe);
  assertEquals(through.options.learningRate, 0.05);
  assertEquals(start({ totalSteps: 1, optimizer: { name: "sgd" } }).options.learningRate, 0.01);
  await fit(through, { batches: batchOf });
  const first = start(recipe);
  await fit(first, { batches: batchOf, steps: 2 });
  const resumed = start(recipe);
  importFitState(resumed, await exportFitState(first));
  await fit(resumed, { batches: batchOf });
  assertEquals(bytesOf(await exportFitState(resumed)), bytesOf(await exportFitState(through)));
});

Deno.test("trainStep() takes a label that the loss ignores, and any label with regions", async () => {
  const labels = Uint8Array.from(batchOf(0).labels, (label, i) => i % 5 === 0 ? 9 : label);
  const ignoring = start({ ...RECIPE, loss: { ignoreClass: 9 } });
  const { loss } = await trainStep(ignoring, { ...batchOf(0), labels });
  const whole = await trainStep(start(), batchOf(0));
  assertEquals(Number.isFinite(loss) && loss !== whole.loss, true);
  const regional = start({ ...RECIPE, loss: { regions: [[1], [1, 9]] } });
  assertEquals(Number.isFinite((await trainStep(regional, { ...batchOf(0), labels })).loss), true);
  const error = await assertRejects(
    () => trainStep(start(), { ...batchOf(0), labels }),
    RangeError,
  );
  assertEquals(
    error.message,
    "Cannot use a batch as its labels must be below 2, the classes of the network: found 9",
  );
});
