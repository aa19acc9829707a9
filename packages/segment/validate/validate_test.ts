import { assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { setBackend, tf } from "@mednext/kernels";
import { diceCrossEntropyLoss } from "../loss/dice_cross_entropy_loss.ts";
import { addClassCounts } from "./add_class_counts.ts";
import { addRegionCounts } from "./add_region_counts.ts";
import { createClassCounts } from "./create_class_counts.ts";
import { exponentialMovingAverage } from "./exponential_moving_average.ts";
import { pseudoDice } from "./pseudo_dice.ts";
import { validate } from "./validate.ts";

await setBackend("cpu");

/** The channels are the logits. */
function channelsAsLogits(): tf.LayersModel {
  const layer = tf.layers.conv3d({ filters: 3, kernelSize: 1, inputShape: [1, 2, 4, 3] });
  const model = tf.sequential({ layers: [layer] });
  layer.setWeights([tf.reshape(tf.eye(3), [1, 1, 1, 3, 3]), tf.zeros([3])]);
  return model;
}

function batchOf(step: number) {
  const images = Float32Array.from({ length: 48 }, (_, i) => Math.sin(i * 2.1 + step));
  const labels = Int8Array.from({ length: 16 }, (_, i) => (i * 7 + step) % 4 - 1);
  return { images, labels, shape: [2, 1, 2, 4] as const, channels: 3 };
}

Deno.test("validate() pools the voxels of all batches and averages their losses", async () => {
  const model = channelsAsLogits();
  const before = tf.memory().numTensors;
  const report = await validate(model, { batches: batchOf, steps: 3 });
  assertEquals(tf.memory().numTensors, before);
  let loss = 0;
  const both = [0, 0, 0];
  const either = [0, 0, 0];
  for (let step = 0; step < 3; step++) {
    const { images, labels } = batchOf(step);
    const logits: tf.Tensor5D = tf.tensor5d(images, [2, 1, 2, 4, 3]);
    loss += diceCrossEntropyLoss(logits, tf.tensor4d([...labels], [2, 1, 2, 4])).dataSync()[0] / 3;
    labels.forEach((label, voxel) => {
      const scores = [...images.subarray(voxel * 3, voxel * 3 + 3)];
      const found = scores.indexOf(Math.max(...scores));
      either[found]++;
      either[Math.max(0, label)]++;
      if (found === Math.max(0, label)) both[found]++;
    });
  }
  assertAlmostEquals(report.loss, loss, 1e-6);
  assertEquals([...report.counts.truePositives], both);
  const dice = [1, 2].map((c) => 2 * both[c] / either[c]);
  assertEquals(report.perClass, dice);
  assertAlmostEquals(report.pseudoDice, (dice[0] + dice[1]) / 2, 1e-12);
});

Deno.test("validate() counts regions by the sign of their logits, and leaves out what is ignored", async () => {
  const regions = [[1, 2], [2], [0, 1]];
  const batches = (step: number) => {
    const labels = Int8Array.from({ length: 16 }, (_, i) => (i * 7 + step) % 4);
    return { ...batchOf(step), labels };
  };
  const options = { batches, steps: 2, loss: { regions, ignoreClass: 3 } };
  const report = await validate(channelsAsLogits(), options);
  const counts = regions.map((region, r) => {
    let [both, either] = [0, 0];
    for (let step = 0; step < 2; step++) {
      const { images, labels } = batches(step);
      labels.forEach((label, voxel) => {
        if (label === 3) return;
        const [isFound, isThere] = [images[3 * voxel + r] > 0, region.includes(label)];
        either += Number(isFound) + Number(isThere);
        both += Number(isFound && isThere);
      });
    }
    return { both, either };
  });
  assertEquals([...report.counts.truePositives], counts.map(({ both }) => both));
  const dice = counts.map(({ both, either }) => 2 * both / either);
  assertEquals(report.perClass, dice);
  assertAlmostEquals(report.pseudoDice, (dice[0] + dice[1] + dice[2]) / 3, 1e-12);
});

Deno.test("validate() stops between batches when the signal aborts", async () => {
  const controller = new AbortController();
  const batches = (step: number) => {
    if (step === 1) controller.abort(new Error("enough"));
    return batchOf(step);
  };
  const run = () => validate(channelsAsLogits(), { batches, signal: controller.signal });
  assertEquals((await assertRejects(run, Error)).message, "enough");
});

Deno.test("pseudoDice() leaves absent classes out of the mean", () => {
  const counts = createClassCounts(4);
  addClassCounts(counts, { predicted: [1, 1, 2, 0], labels: [1, 2, 2, -1] });
  assertEquals([...counts.truePositives], [1, 1, 1, 0]);
  assertEquals([...counts.falsePositives], [0, 1, 0, 0]);
  assertEquals([...counts.falseNegatives], [0, 0, 1, 0]);
  assertEquals(pseudoDice(counts), { mean: 2 / 3, perClass: [2 / 3, 2 / 3, NaN] });
  assertEquals(pseudoDice(createClassCounts(2)), { mean: NaN, perClass: [NaN] });
});

Deno.test("addClassCounts() leaves out what is ignored, whatever is predicted there", () => {
  const counts = createClassCounts(2);
  addClassCounts(counts, { predicted: [1, 0, 1], labels: [5, 5, 1], ignoreClass: 5 });
  assertEquals([...counts.truePositives], [0, 1]);
  assertEquals([...counts.falsePositives, ...counts.falseNegatives], [0, 0, 0, 0]);
});

Deno.test("addRegionCounts() refuses masks that do not fit", () => {
  const regions = [[1], [1, 2]];
  assertThrows(
    () => addRegionCounts(createClassCounts(3), { predicted: [1, 1], labels: [1], regions }),
    RangeError,
    "Cannot count regions as there must be counts for each of 2: there are 3",
  );
  assertThrows(
    () => addRegionCounts(createClassCounts(2), { predicted: [1], labels: [1], regions }),
    RangeError,
    "Cannot count regions as there must be 2 predictions for each of 1 voxels: there are 1",
  );
});

Deno.test("addClassCounts() refuses masks that do not fit", () => {
  const counts = createClassCounts(2);
  assertThrows(
    () => addClassCounts(counts, { predicted: [0], labels: [0, 1] }),
    RangeError,
    "Cannot count classes as both masks must have the same size: found 1 and 2 voxels",
  );
  assertThrows(
    () => addClassCounts(counts, { predicted: [0, 1], labels: [1, 2] }),
    RangeError,
    "Cannot count classes as all must be below 2: found 2",
  );
  assertThrows(
    () => createClassCounts(0),
    RangeError,
    "Cannot count classes as their number must be a positive integer: current value is 0",
  );
  assertEquals([...counts.truePositives], [0, 0]);
});

Deno.test("exponentialMovingAverage() skips what is not a number", () => {
  assertEquals(exponentialMovingAverage(0.25, NaN), 0.25);
  assertEquals(exponentialMovingAverage(NaN, 0.5), 0.5);
  assertEquals(exponentialMovingAverage(1, 0, { momentum: 0.75 }), 0.75);
});
