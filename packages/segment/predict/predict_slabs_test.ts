import { assert, assertEquals } from "@std/assert";
import { setBackend, tf } from "@mednext/kernels";
import { gaussianImportance } from "./gaussian_importance.ts";
import type { Network } from "./network.ts";
import { predictSlabs, type PredictSlabsOptions, type ScoreSlab } from "./predict_slabs.ts";
import { slidingWindowSteps } from "./sliding_window_steps.ts";

await setBackend("cpu");

type Sizes = [number, number, number];

function waves(length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin(1 + i * 0.7));
}

/** A convolution of two channels into three classes plus something that depends on the place in the patch. */
function network(seed: number): Network {
  const kernel = tf.randomNormal([3, 3, 3, 2, 3], 0, 1, "float32", seed) as tf.Tensor5D;
  return (patch) => {
    const place = tf.range(0, patch.shape[1]! * patch.shape[2]! * patch.shape[3]!).mul(0.01);
    return tf.conv3d(patch, kernel, 1, "same").add(place.reshape([...patch.shape.slice(0, 4), 1]));
  };
}

/** The whole volume in memory, voxel by voxel and with nothing shared with the code under test but weights and steps. */
function wholeVolume(networks: Network[], volume: Float32Array, options: PredictSlabsOptions) {
  const { shape: [depth, height, width], patchSize, channels = 1, mirrorAxes = [] } = options;
  const padded = options.shape.map((size, axis) => Math.max(size, patchSize[axis])) as Sizes;
  const before = padded.map((size, axis) => Math.floor((size - options.shape[axis]) / 2));
  const importance = options.gaussian === false
    ? new Float32Array(patchSize[0] * patchSize[1] * patchSize[2]).fill(1)
    : gaussianImportance(patchSize);
  const scores = new Float32Array(volume.length / channels * 3);
  const weights = new Float32Array(volume.length / channels);
  const subsets = mirrorAxes.reduce<number[][]>(
    (all, axis) => all.flatMap((axes) => [axes, [...axes, axis]]),
    [[]],
  );
  const [planes, rows, columns] = slidingWindowSteps(padded, patchSize, options);
  const image = tf.tensor4d(volume, [depth, height, width, channels]);
  const whole = tf.pad(image, [
    ...before.map((count, axis): [number, number] => [
      count,
      padded[axis] - options.shape[axis] - count,
    ]),
    [0, 0],
  ]);
  for (const z of planes) {
    for (const y of rows) {
      for (const x of columns) {
        const patch = tf.slice(whole, [z, y, x, 0], [...patchSize, channels]).expandDims(0);
        for (const axes of subsets.map((subset) => subset.map((axis) => axis + 1))) {
          for (const each of networks) {
            const logits = (each as (p: tf.Tensor) => tf.Tensor)(tf.reverse(patch, axes));
            const active = options.aggregate === "softmax"
              ? tf.softmax(logits)
              : options.aggregate === "sigmoid"
              ? tf.sigmoid(logits)
              : logits;
            const values = tf.reverse(active, axes).dataSync();
            for (let i = 0; i < importance.length; i++) {
              const at = [
                z - before[0] + Math.floor(i / patchSize[2] / patchSize[1]),
                y - before[1] + Math.floor(i / patchSize[2]) % patchSize[1],
                x - before[2] + i % patchSize[2],
              ];
              if (at.some((index, axis) => index < 0 || index >= options.shape[axis])) continue;
              const voxel = (at[0] * height + at[1]) * width + at[2];
              weights[voxel] += importance[i];
              for (let c = 0; c < 3; c++) {
                const mean = scores[3 * voxel + c];
                scores[3 * voxel + c] = mean +
                  importance[i] / weights[voxel] * (values[3 * i + c] - mean);
              }
            }
          }
        }
      }
    }
  }
  return scores;
}

const networks = [network(1), network(2)];

const CASES: [string, Sizes, Sizes, Partial<PredictSlabsOptions>][] = [
  ["tiled", [13, 6, 7], [4, 4, 6], {}],
  ["tiled with long steps", [13, 6, 7], [4, 4, 6], { stepSize: 1 }],
  ["tiled with short steps", [9, 4, 6], [4, 4, 6], { stepSize: 0.2 }],
  ["mirrored", [9, 5, 7], [4, 4, 6], { mirrorAxes: [0, 2] }],
  ["without a Gaussian", [9, 5, 7], [4, 4, 6], { gaussian: false }],
  ["in one patch", [4, 4, 6], [4, 4, 6], {}],
  ["smaller than the patch", [3, 2, 5], [8, 4, 6], { mirrorAxes: [0, 1, 2] }],
  ["smaller than the patch along D alone", [3, 9, 8], [8, 4, 6], {}],
  ["smaller than the patch along H alone", [11, 3, 8], [4, 4, 6], {}],
  ["of one voxel", [1, 1, 1], [4, 4, 6], { mirrorAxes: [1] }],
];

Deno.test("predictSlabs() gives what the whole volume in memory gives, voxel by voxel", async (t) => {
  for (const [name, shape, patchSize, rest] of CASES) {
    await t.step(name, async () => {
      const volume = waves(2 * shape[0] * shape[1] * shape[2]);
      const options = { shape, patchSize, channels: 2, ...rest };
      const expected = tf.tidy(() => wholeVolume(networks, volume, options));
      const row = 3 * shape[1] * shape[2];
      let next = 0;
      for await (
        const { start, stop, scores, classes } of predictSlabs(networks, volume, options)
      ) {
        assertEquals([start, classes], [next, 3]);
        assert(scores.buffer.byteLength <= 4 * row * Math.min(shape[0], patchSize[0]));
        assertEquals(scores, expected.slice(start * row, stop * row));
        scores.fill(NaN); // the slab is the consumer's
        next = stop;
      }
      assertEquals(next, shape[0]);
    });
  }
});

Deno.test("predictSlabs() averages probabilities of classes and of regions", async (t) => {
  const shape: Sizes = [9, 5, 7];
  const volume = waves(2 * 9 * 5 * 7);
  for (const aggregate of ["softmax", "sigmoid"] as const) {
    await t.step(aggregate, async () => {
      const options = { shape, patchSize: [4, 4, 6] as Sizes, channels: 2, aggregate };
      const expected = tf.tidy(() => wholeVolume(networks, volume, options));
      const slabs: ScoreSlab[] = [];
      for await (const slab of predictSlabs(networks, volume, options)) {
        slabs.push({ ...slab, scores: slab.scores.slice() });
      }
      const found = Float32Array.from(slabs.flatMap(({ scores }) => [...scores]));
      assertEquals(found.length, expected.length);
      // TensorFlow.js rounds a softmax to float32 at another place: two units of float32 below 1.
      const apart = found.reduce((most, p, i) => Math.max(most, Math.abs(p - expected[i])), 0);
      assert(apart <= 2 ** -22, String(apart));
    });
  }
});
