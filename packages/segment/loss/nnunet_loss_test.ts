import { assertAlmostEquals, assertEquals } from "@std/assert";
import { setBackend, tf } from "@mednext/kernels";
import { deepSupervisionLoss } from "./deep_supervision_loss.ts";
import { deepSupervisionWeights } from "./deep_supervision_weights.ts";
import {
  diceCrossEntropyLoss,
  type DiceCrossEntropyLossOptions,
} from "./dice_cross_entropy_loss.ts";
import { softmaxCrossEntropyLoss } from "./softmax_cross_entropy_loss.ts";
import recipe from "../testdata/recipe.json" with { type: "json" };

/** As in `testdata/make_recipe.py`. */
const IGNORED = 4;
const REGIONS = [[1, 2, 3], [2, 3], [3]];

interface Values {
  shape: number[];
  values: number[];
}

function logitsOf({ values, shape }: Values): tf.Tensor5D {
  return tf.reshape(tf.tensor1d(values), shape as tf.Tensor5D["shape"]);
}

function labelsOf({ values, shape }: Values): tf.Tensor4D {
  return tf.reshape(tf.tensor1d(values, "int32"), shape as tf.Tensor4D["shape"]);
}

function optionsOf(
  { kind, ignore }: { kind: string; ignore: boolean },
): DiceCrossEntropyLossOptions {
  return {
    ...kind === "regions" ? { regions: REGIONS } : {},
    ...ignore ? { ignoreClass: IGNORED } : {},
  };
}

for (const backend of ["cpu", "wasm"] as const) {
  for (const [index, entry] of recipe.losses.entries()) {
    const { kind, ignore, batchDice, logits, labels, value: expected, gradient } = entry;
    const name = `${kind}${ignore ? ", ignored voxels" : ""}${batchDice ? ", batch Dice" : ""}`;
    Deno.test(`diceCrossEntropyLoss() is nnU-Net's, case ${index}: ${name}, ${backend}`, async () => {
      await setBackend(backend, { threads: 1 });
      const options = { ...optionsOf(entry), batchDice };
      const target = labelsOf(labels);
      const { value, grad } = tf.valueAndGrad((x: tf.Tensor) =>
        diceCrossEntropyLoss(x as tf.Tensor5D, target, options)
      )(logitsOf(logits));
      // Theirs is computed in 32 bits as well; the value is up to 5, a slope up to 0.1.
      assertAlmostEquals(value.dataSync()[0], expected, 2e-6);
      const slopes = grad.dataSync();
      gradient.forEach((slope, i) => assertAlmostEquals(slopes[i], slope, 3e-7));
    });
  }
}

for (const entry of recipe.deepSupervision.cases) {
  Deno.test(`deepSupervisionLoss() is nnU-Net's with ${entry.weights}'s weights, ${entry.kind}`, async () => {
    await setBackend("cpu");
    const loss = deepSupervisionLoss(
      entry.heads.map(logitsOf),
      labelsOf(recipe.deepSupervision.labels),
      {
        ...optionsOf({ kind: entry.kind, ignore: true }),
        batchDice: true,
        dropLast: entry.weights === "nnunet",
      },
    );
    assertAlmostEquals(loss.dataSync()[0], entry.value, 2e-6);
  });
}

Deno.test("deepSupervisionWeights() drops the last head if asked, but not an only one", () => {
  assertEquals(deepSupervisionWeights(3, { dropLast: true }), [2 / 3, 1 / 3, 0]);
  assertEquals(deepSupervisionWeights(1, { dropLast: true }), [1]);
});

for (const kind of ["classes", "regions"]) {
  Deno.test(`diceCrossEntropyLoss() has the gradient of finite differences, ${kind} with ignored voxels`, async () => {
    await setBackend("cpu");
    const { logits, labels } = recipe.losses.find((entry) => entry.kind === kind && entry.ignore)!;
    const target = labelsOf(labels);
    const options = optionsOf({ kind, ignore: true });
    const f = (x: tf.Tensor) => diceCrossEntropyLoss(x as tf.Tensor5D, target, options);
    const gradient = [...tf.grad(f)(logitsOf(logits)).dataSync()];
    const direction = logits.values.map((_, i) => Math.sin(i));
    const at = (step: number) =>
      f(tf.add(logitsOf(logits), tf.mul(tf.reshape(direction, logits.shape), step))).dataSync()[0];
    const slope = gradient.reduce((sum, value, i) => sum + value * direction[i], 0);
    assertAlmostEquals((at(0.01) - at(-0.01)) / 0.02, slope, 5e-5);
  });
}

Deno.test("losses are defined where every voxel is ignored, and have no gradient there", async () => {
  await setBackend("cpu");
  const labels: tf.Tensor4D = tf.fill([1, 2, 2, 2], IGNORED, "int32");
  for (const kind of ["classes", "regions"]) {
    const options = optionsOf({ kind, ignore: true });
    const { value, grad } = tf.valueAndGrad((x: tf.Tensor) =>
      diceCrossEntropyLoss(x as tf.Tensor5D, labels, options)
    )(tf.ones([1, 2, 2, 2, 3]));
    // No cross-entropy, and a Dice of smooth / smooth.
    assertAlmostEquals(value.dataSync()[0], -1, 1e-6);
    assertEquals(grad.dataSync().every((slope) => slope === 0), true);
  }
  const logits: tf.Tensor5D = tf.ones([1, 2, 2, 2, 3]);
  assertEquals(softmaxCrossEntropyLoss(logits, labels, { ignoreClass: IGNORED }).dataSync()[0], 0);
});
