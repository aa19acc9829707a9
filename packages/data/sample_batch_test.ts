import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { foregroundLocations } from "./foreground_locations.ts";
import type { SampledCase } from "./patch_sampler.ts";
import { sampleBatch, type SampleBatchOptions } from "./sample_batch.ts";

const SIZE = 12;

/** Five cases with one voxel of foreground each in a corner, which free patches seldom hold. */
function cases(channels = 1) {
  const label = new Int16Array(SIZE ** 3);
  label[label.length - 1] = 1;
  const source: SampledCase = {
    image: Float32Array.from({ length: channels * SIZE ** 3 }, (_, i) => i),
    label,
    shape: [SIZE, SIZE, SIZE],
    channels,
    foreground: foregroundLocations(label),
  };
  return { ids: ["a", "b", "c", "d", "e"], load: (_: string) => source };
}

const OPTIONS: SampleBatchOptions = { seed: 1, step: 0, patchSize: [3, 4, 5] };

Deno.test("sampleBatch() is the same when seed and step are, and differs when one does", async () => {
  const batch = await sampleBatch(cases(), OPTIONS);
  assertEquals(await sampleBatch(cases(), OPTIONS), batch);
  assertNotEquals(await sampleBatch(cases(), { ...OPTIONS, step: 1 }), batch);
  assertNotEquals(await sampleBatch(cases(), { ...OPTIONS, seed: 2 }), batch);
  assertEquals(batch.shape, [2, 3, 4, 5, 1]);
  assertEquals([batch.images.length, batch.labels.length], [120, 120]);
});

Deno.test("sampleBatch() draws the same batch for ever", async () => {
  const { images, caseIds } = await sampleBatch(cases(), OPTIONS);
  assertEquals(caseIds, ["d", "b"]);
  assertEquals([images[0], images[59], images[60], images[119]], [1061, 1309, 0, 0]);
});

Deno.test("sampleBatch() forces the last third of a batch, and a third of batches of one", async () => {
  const n = 600;
  for (const [batchSize, forced] of [[1, n / 3], [2, n], [3, n], [4, n], [6, 2 * n]]) {
    const steps = batchSize === 1 ? n : 60;
    let held = 0;
    for (let step = 0; step < steps; step++) {
      const { labels } = await sampleBatch(cases(), {
        ...OPTIONS,
        batchSize,
        step,
        patchSize: [1, 1, 1],
      });
      // A free patch of one voxel holds the foreground once in 1728 times.
      held += labels.reduce((sum, value) => sum + value, 0);
    }
    const expected = forced * steps / n;
    const slack = batchSize === 1 ? 4 * Math.sqrt(n * 2 / 9) : 3;
    assert(Math.abs(held - expected) <= slack, `batch ${batchSize}: ${held} of ${expected}`);
  }
});

Deno.test("sampleBatch() mirrors image and label together", async () => {
  const source = cases();
  const whole = { ...OPTIONS, patchSize: [SIZE, SIZE, SIZE] as [number, number, number] };
  const still = await sampleBatch(source, { ...whole, batchSize: 1, mirrorAxes: [] });
  const corners = new Set<number>();
  for (let step = 0; step < 60; step++) {
    const { images, labels } = await sampleBatch(source, {
      ...whole,
      step,
      batchSize: 1,
      foregroundFraction: 0,
    });
    const corner = labels.indexOf(1);
    corners.add(corner);
    assertEquals(images[corner], SIZE ** 3 - 1);
  }
  assertEquals(still.images[5], 5);
  assertEquals(corners.size, 8);
});

Deno.test("sampleBatch() draws cases evenly, with replacement", async () => {
  const counts = new Map<string, number>();
  for (let step = 0; step < 500; step++) {
    const { caseIds } = await sampleBatch(cases(), { ...OPTIONS, step, patchSize: [1, 1, 1] });
    for (const id of caseIds) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  const chiSquare = [...counts.values()].reduce((sum, n) => sum + (n - 200) ** 2 / 200, 0);
  assert(counts.size === 5 && chiSquare < 18.47, `chi square ${chiSquare}`); // 4 d.f., p = 0.001
});

Deno.test("sampleBatch() throws when nothing can be drawn", async () => {
  const mixed = {
    ids: ["a", "b"],
    load: (id: string) => cases(id === "a" ? 1 : 2).load(id),
  };
  const attempts: [() => Promise<unknown>, string | RegExp][] = [
    [
      () => sampleBatch({ ids: [], load: cases().load }, OPTIONS),
      "Cannot draw a batch: there are no cases",
    ],
    [
      () => sampleBatch(cases(), { ...OPTIONS, patchSize: [3, 0, 5] }),
      "Cannot draw a batch of 2 patches of 3 x 0 x 5 voxels: " +
      "every size must be a positive whole number",
    ],
    [
      () => sampleBatch(cases(), { ...OPTIONS, foregroundFraction: 2 }),
      "Cannot draw a batch: foregroundFraction must be from 0 to 1, found 2",
    ],
    [
      () => sampleBatch(mixed, { ...OPTIONS, batchSize: 20 }),
      /^Cannot draw a batch: case [ab] has [12] channels, case [ab] has [12]$/,
    ],
  ];
  for (const [attempt, expected] of attempts) {
    const { message } = await assertRejects(attempt, RangeError);
    if (typeof expected === "string") assertEquals(message, expected);
    else assert(expected.test(message), message);
  }
});
