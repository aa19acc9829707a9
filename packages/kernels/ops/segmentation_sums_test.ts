import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { setBackend } from "../set_backend.ts";
import { tf } from "../tf.ts";
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

Deno.test("segmentationSums() refuses labels of another shape", () => {
  assertThrows(
    () => segmentationSums(tf.zeros([1, 2, 2, 2, 3]), tf.zeros([1, 2, 2, 1], "int32")),
    RangeError,
    "Cannot compute segmentationSums: expected labels of shape [1, 2, 2, 2] as logits is [1, 2, 2, 2, 3], found [1, 2, 2, 1]",
  );
});
