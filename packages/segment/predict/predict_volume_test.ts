import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { setBackend, tf } from "@mednext/kernels";
import { argmaxMask } from "./argmax_mask.ts";
import { gaussianImportance } from "./gaussian_importance.ts";
import { predictVolume } from "./predict_volume.ts";

await setBackend("cpu");

type Sizes = [number, number, number];

const SHAPE: Sizes = [9, 5, 7];
const PATCH: Sizes = [4, 4, 6];
const VOXELS = 9 * 5 * 7;

/** Two classes: the voxel itself and minus the voxel. */
const itself = (patch: tf.Tensor5D): tf.Tensor => tf.concat([patch, tf.neg(patch)], 4);

/** Scores that depend on the place in the patch alone: its W index in class 0, zero in class 1. */
function place(patch: tf.Tensor5D): tf.Tensor {
  const columns = tf.reshape(tf.range(0, patch.shape[3]), [1, 1, 1, -1, 1]);
  return tf.concat([tf.add(tf.zerosLike(patch), columns), tf.zerosLike(patch)], 4);
}

function waves(length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin(1 + i * 0.7));
}

Deno.test("predictVolume() is exactly constant when the network is", async () => {
  const constant = (patch: tf.Tensor5D) =>
    tf.concat([tf.fill(patch.shape, 0.1), tf.fill(patch.shape, -0.3)], 4);
  for (const aggregate of ["logits", "softmax"] as const) {
    const { scores, mask } = await predictVolume(constant, waves(VOXELS), {
      shape: SHAPE,
      patchSize: PATCH,
      mirrorAxes: [0, 1, 2],
      aggregate,
    });
    const odds = Math.fround(Math.exp(Math.fround(-0.3) - Math.fround(0.1)));
    const first = aggregate === "logits" ? 0.1 : 1 / (1 + odds);
    const second = aggregate === "logits" ? -0.3 : odds / (1 + odds);
    assertAlmostEquals(scores[0], first, 1e-7);
    assertAlmostEquals(scores[1], second, 1e-7);
    scores.forEach((score, i) => assertEquals(score, scores[i % 2]));
    assertEquals(mask, new Uint8Array(VOXELS));
  }
});

Deno.test("predictVolume() gives the volume back when the network does, tiled, padded and mirrored", async () => {
  for (const patchSize of [PATCH, [16, 6, 8], [9, 5, 7]] as Sizes[]) {
    for (const mirrorAxes of [[], [1], [0, 1, 2]]) {
      const volume = waves(VOXELS);
      const result = await predictVolume(itself, volume, { shape: SHAPE, patchSize, mirrorAxes });
      assertEquals(result.classes, 2);
      assertEquals(result.shape, SHAPE);
      assertEquals(result.scores.filter((_, i) => i % 2 === 0), volume);
      assertEquals(result.mask, Uint8Array.from(volume, (value) => value >= 0 ? 0 : 1));
    }
  }
});

Deno.test("predictVolume() shows channels to the network in their order", async () => {
  const volume = waves(VOXELS * 3);
  const { scores } = await predictVolume((patch) => tf.clone(patch), volume, {
    shape: SHAPE,
    patchSize: PATCH,
    channels: 3,
  });
  assertEquals(scores, volume);
});

Deno.test("predictVolume() equals the network when there is one patch", async () => {
  const kernel = tf.randomNormal([3, 3, 3, 1, 2], 0, 1, "float32", 3) as tf.Tensor5D;
  const network = (patch: tf.Tensor5D) => tf.conv3d(patch, kernel, 1, "same");
  const volume = waves(VOXELS);
  const { scores } = await predictVolume(network, volume, { shape: SHAPE, patchSize: SHAPE });
  const direct = tf.tidy(() => network(tf.tensor5d(volume, [1, ...SHAPE, 1])).dataSync());
  assertEquals([...scores], [...direct]);
  kernel.dispose();
});

Deno.test("predictVolume() weights overlapping patches by the Gaussian", async () => {
  // Along W: 10 voxels, patches of 4 at 0, 2, 4, 6.
  for (const gaussian of [true, false]) {
    const { scores } = await predictVolume(place, new Float32Array(10), {
      shape: [1, 1, 10],
      patchSize: [1, 1, 4],
      gaussian,
    });
    const weights = gaussian ? gaussianImportance([1, 1, 4]) : [1, 1, 1, 1];
    for (let x = 0; x < 10; x++) {
      let sum = 0;
      let total = 0;
      for (const start of [0, 2, 4, 6]) {
        if (x < start || x >= start + 4) continue;
        sum += weights[x - start] * (x - start);
        total += weights[x - start];
      }
      assertAlmostEquals(scores[2 * x], sum / total, 1e-6);
    }
  }
});

Deno.test("predictVolume() averages over all turned patches when mirroring", async () => {
  const options = { shape: [1, 1, 4] as Sizes, patchSize: [1, 1, 4] as Sizes };
  const plain = await predictVolume(place, new Float32Array(4), options);
  assertEquals([...plain.scores], [0, 0, 1, 0, 2, 0, 3, 0]);
  const other = await predictVolume(place, new Float32Array(4), { ...options, mirrorAxes: [0, 1] });
  assertEquals(other.scores, plain.scores);
  const turned = await predictVolume(place, new Float32Array(4), { ...options, mirrorAxes: [2] });
  assertEquals([...turned.scores], [1.5, 0, 1.5, 0, 1.5, 0, 1.5, 0]);
});

Deno.test("predictVolume() centres a small volume in zeros as nnU-Net does", async () => {
  // Three voxels in eight: two zeros before, three after; the network sees its own places 2, 3, 4.
  const { scores } = await predictVolume(place, new Float32Array(3), {
    shape: [1, 1, 3],
    patchSize: [1, 1, 8],
  });
  assertEquals([...scores], [2, 0, 3, 0, 4, 0]);
});

Deno.test("predictVolume() averages several networks, logits or probabilities", async () => {
  const logits = (a: number, b: number) => (patch: tf.Tensor5D) =>
    tf.concat([tf.fill(patch.shape, a), tf.fill(patch.shape, b)], 4);
  const networks = [logits(0, 5), logits(2, 0), logits(2, 0)];
  const options = { shape: [2, 2, 2] as Sizes, patchSize: [2, 2, 2] as Sizes };
  const mean = await predictVolume(networks, new Float32Array(8), options);
  assertAlmostEquals(mean.scores[0], 4 / 3, 1e-6);
  assertAlmostEquals(mean.scores[1], 5 / 3, 1e-6);
  const voted = await predictVolume(networks, new Float32Array(8), {
    ...options,
    aggregate: "softmax",
  });
  const p = (1 / (1 + Math.exp(5)) + 2 / (1 + Math.exp(-2))) / 3;
  assertAlmostEquals(voted.scores[0], p, 1e-6);
  assertEquals([mean.mask[0], voted.mask[0]], [1, 0]);
});

Deno.test("predictVolume() uses the first head of a model and leaves no tensors behind", async () => {
  const input = tf.input({ shape: [4, 4, 6, 1] });
  const head = tf.layers.conv3d({ filters: 2, kernelSize: 1 }).apply(input) as tf.SymbolicTensor;
  const low = tf.layers.averagePooling3d({ poolSize: 2 }).apply(head) as tf.SymbolicTensor;
  const model = tf.model({ inputs: input, outputs: [head, low] });
  const options = { shape: SHAPE, patchSize: PATCH };
  const before = tf.memory().numTensors;
  const { classes } = await predictVolume(model, waves(VOXELS), options);
  assertEquals(classes, 2);
  assertEquals(tf.memory().numTensors, before);
  model.dispose();
});

Deno.test("predictVolume() holds the tensors of one patch at a time", async () => {
  const counts: number[] = [];
  const network = (patch: tf.Tensor5D) => {
    counts.push(tf.memory().numTensors);
    return itself(patch);
  };
  await predictVolume(network, waves(VOXELS), { shape: SHAPE, patchSize: PATCH, mirrorAxes: [0] });
  assertEquals(new Set(counts).size, 1);
});

Deno.test("predictVolume() reports each patch and stops between two when told to", async () => {
  const controller = new AbortController();
  const seen: [number, number][] = [];
  const before = tf.memory().numTensors;
  const error = await assertRejects(
    () =>
      predictVolume(itself, waves(VOXELS), {
        shape: SHAPE,
        patchSize: PATCH,
        signal: controller.signal,
        onProgress: (done, patches) => {
          seen.push([done, patches]);
          if (done === 3) controller.abort(new Error("enough"));
        },
      }),
    Error,
  );
  assertEquals(error.message, "enough");
  assertEquals(seen, [[1, 16], [2, 16], [3, 16]]);
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("predictVolume() refuses what does not fit together", async () => {
  const options = { shape: SHAPE, patchSize: PATCH };
  const volume = waves(VOXELS);
  const cases: [() => Promise<unknown>, string][] = [
    [
      () => predictVolume([], volume, options),
      "Cannot predict a volume as there must be at least one network: none given",
    ],
    [
      () => predictVolume(itself, volume.subarray(1), options),
      "Cannot predict a volume as [9, 5, 7, 1] must hold 315 values: the volume has 314",
    ],
    [
      () => predictVolume(itself, volume, { ...options, patchSize: [4, 0, 4] }),
      "Cannot predict a volume as patchSize must be three positive integers: current value is [4, 0, 4]",
    ],
    [
      () => predictVolume(itself, volume, { ...options, channels: 0 }),
      "Cannot predict a volume as channels must be a positive integer: current value is 0",
    ],
    [
      () => predictVolume(itself, volume, { ...options, mirrorAxes: [3] }),
      "Cannot predict a volume as mirrorAxes must be 0, 1 or 2: current value is [3]",
    ],
    [
      () => predictVolume((patch) => tf.reshape(patch, [-1]), volume, options),
      "Cannot predict a patch as the network must give [1, 4, 4, 6, classes]: it gave [96]",
    ],
    [
      () => predictVolume([itself, (patch) => tf.clone(patch)], volume, options),
      "Cannot average networks as all must have the same classes: found 2 and 1",
    ],
    [
      () => predictVolume((patch) => tf.log(tf.neg(tf.onesLike(patch))), volume, options),
      "Cannot predict a patch as the network gave values that are not finite",
    ],
  ];
  const before = tf.memory().numTensors;
  for (const [run, message] of cases) {
    assertEquals((await assertRejects(run, Error)).message, message);
  }
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("argmaxMask() takes the lowest class of equal scores", () => {
  assertEquals(argmaxMask(Float32Array.of(1, 1, 0, -2, -1, -1), 3), Uint8Array.of(0, 1));
});

Deno.test("argmaxMask() refuses scores that are not finite or not whole voxels", async () => {
  const cases: [Float32Array, number, string][] = [
    [
      Float32Array.of(1, 2, NaN, 0),
      2,
      "Cannot make a mask as all scores must be finite: class 0 of voxel 1 has NaN",
    ],
    [
      Float32Array.of(1, 2, 3),
      2,
      "Cannot make a mask as the scores must be 2 per voxel: there are 3",
    ],
    [
      Float32Array.of(1, 2, 3),
      257,
      "Cannot make a mask as classes must be an integer from 1 to 256: current value is 257",
    ],
  ];
  for (const [scores, classes, message] of cases) {
    const error = await assertRejects(async () => await argmaxMask(scores, classes), Error);
    assertEquals(error.message, message);
  }
});
