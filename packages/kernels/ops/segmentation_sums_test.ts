import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { setBackend } from "../set_backend.ts";
import { tf } from "../tf.ts";
import { regionSums } from "./region_sums.ts";
import { segmentationSums } from "./segmentation_sums.ts";

for (const backend of ["cpu", "wasm"] as const) {
  Deno.test(`segmentationSums() counts no voxel twice on ${backend} when there are many`, async () => {
    await setBackend(backend, { threads: 2 });
    const shape = [1, 21, 23, 25];
    const count = 21 * 23 * 25;
    const labels = tf.tensor(Int32Array.from({ length: count }, (_, i) => i % 3), shape, "int32");
    const [inside, everywhere, voxels, entropy] = tf.tidy(() =>
      [...tf.unstack(segmentationSums(tf.zeros([...shape, 3]), labels), 1)]
        .map((row) => [...row.dataSync()])
    );
    assertEquals(voxels, [count / 3, count / 3, count / 3]);
    inside.forEach((sum) => assertAlmostEquals(sum, count / 9, 1e-3));
    everywhere.forEach((sum) => assertAlmostEquals(sum, count / 3, 1e-3));
    entropy.forEach((sum) => assertAlmostEquals(sum, count / 3 * Math.log(3), 1e-3));
  });

  Deno.test(`segmentationSums() takes labels of float32 and keeps hopeless ones finite on ${backend}`, async () => {
    await setBackend(backend, { threads: 1 });
    const logits = tf.tensor([500, -500, 500, -500], [1, 1, 1, 2, 2]);
    const sums = segmentationSums(logits, tf.tensor([0, 1], [1, 1, 1, 2]));
    assertEquals([...sums.dataSync()], [1, 0, 2, 0, 1, 1, 0, 1000]);
  });

  Deno.test(`segmentationSums() refuses labels that are no class on ${backend}`, async () => {
    await setBackend(backend, { threads: 1 });
    const labels = tf.tensor([0, 3, 1, 2], [1, 1, 2, 2], "int32");
    const before = tf.memory().numTensors;
    const found = backend === "cpu" ? "3" : "larger ones";
    assertThrows(
      () => tf.tidy(() => segmentationSums(tf.zeros([1, 1, 2, 2, 3]), labels)),
      RangeError,
      `Cannot compute segmentationSums: expected labels below the 3 classes, found ${found}`,
    );
    assertEquals(tf.memory().numTensors, before);
  });
}

for (const backend of ["cpu", "wasm"] as const) {
  Deno.test(`segmentationSums() and regionSums() leave out what is ignored on ${backend}, wherever it lies`, async () => {
    await setBackend(backend, { threads: 2 });
    // 4097 voxels: whole vectors of four, a last one of one, and several tasks.
    const count = 4097;
    const values = Float32Array.from({ length: count * 3 }, (_, i) => Math.sin(i * 1.7) * 3);
    const labels = Int32Array.from({ length: count }, (_, i) => i * i % 5 === 4 ? 7 : i % 3);
    const kept = [...labels.keys()].filter((voxel) => labels[voxel] !== 7);
    const regions = [[1, 2], [2], [0]];
    const logits = tf.tensor(values, [1, 1, 1, count, 3]);
    const target = tf.tensor(labels, [1, 1, 1, count], "int32");
    const fewer = [1, 1, 1, kept.length];
    const keptLogits = kept.flatMap((v) => [...values.subarray(3 * v, 3 * v + 3)]);
    const keptTarget = tf.tensor(kept.map((voxel) => labels[voxel]), fewer, "int32");
    for (
      const sums of [
        (x: tf.Tensor, y: tf.Tensor) => segmentationSums(x, y, { ignored: 7 }),
        (x: tf.Tensor, y: tf.Tensor) => regionSums(x, y, { regions, ignored: 7 }),
      ]
    ) {
      const actual = sums(logits, target).dataSync();
      const expected = sums(tf.tensor(keptLogits, [...fewer, 3]), keptTarget).dataSync();
      // Sums of thousands, in another order.
      actual.forEach((value, i) => assertAlmostEquals(value, expected[i], 1e-3));
      const loss = (x: tf.Tensor) =>
        tf.sum(tf.mul(sums(x, target), tf.range(1, 13).reshape([1, 4, 3])));
      const gradient = tf.grad(loss)(logits).dataSync();
      labels.forEach((label, voxel) => {
        const own = [...gradient.subarray(3 * voxel, 3 * voxel + 3)];
        assertEquals(own.every((slope) => slope === 0), label === 7);
      });
    }
  });
}

for (const backend of ["cpu", "wasm"] as const) {
  Deno.test(`regionSums() keeps hopeless logits finite and the digits of a small entropy on ${backend}`, async () => {
    await setBackend(backend, { threads: 1 });
    const sums = (logits: number[], labels: number[]) => {
      const shape = [1, 1, 1, labels.length];
      const target = tf.tensor(labels, shape, "int32");
      return [
        ...regionSums(tf.tensor(logits, [...shape, 1]), target, { regions: [[1]] }).dataSync(),
      ];
    };
    assertEquals(sums([500, -500], [0, 1]), [0, 1, 1, 1000]);
    // log(1 + exp(-12)), to a few units in the last of its 24 bits.
    assertAlmostEquals(sums([12], [1])[3], Math.log1p(Math.exp(-12)), 2e-12);
    assertEquals(sums([NaN], [1])[3], NaN);
  });
}

Deno.test("regionSums() refuses what does not fit", () => {
  const logits = tf.zeros([1, 1, 1, 2, 2]), labels = tf.zeros([1, 1, 1, 2], "int32");
  assertThrows(
    () => regionSums(logits, labels, { regions: [[1]] }),
    RangeError,
    "Cannot compute regionSums: expected a region for each of 2 logits, found 1",
  );
  assertThrows(
    () => regionSums(logits, labels, { regions: [[1], [-1]] }),
    RangeError,
    "Cannot compute regionSums: expected labels of regions to be whole numbers from 0, found -1",
  );
  assertThrows(
    () => regionSums(logits, labels, { regions: [[1], [2]], ignored: 0.5 }),
    RangeError,
    "Cannot compute regionSums: expected the ignored label to be a whole number of 32 bits, found 0.5",
  );
});

Deno.test("segmentationSums() refuses labels of another shape", () => {
  assertThrows(
    () => segmentationSums(tf.zeros([1, 2, 2, 2, 3]), tf.zeros([1, 2, 2, 1], "int32")),
    RangeError,
    "Cannot compute segmentationSums: expected labels of shape [1, 2, 2, 2] as logits is [1, 2, 2, 2, 3], found [1, 2, 2, 1]",
  );
});
