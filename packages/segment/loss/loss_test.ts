import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { setBackend, tf } from "@mednext/kernels";
import { deepSupervisionLoss } from "./deep_supervision_loss.ts";
import { deepSupervisionWeights } from "./deep_supervision_weights.ts";
import { diceCrossEntropyLoss } from "./dice_cross_entropy_loss.ts";
import { downsampleLabels } from "./downsample_labels.ts";
import { softDiceLoss } from "./soft_dice_loss.ts";
import { softmaxCrossEntropyLoss } from "./softmax_cross_entropy_loss.ts";
import golden from "../testdata/golden.json" with { type: "json" };

interface Golden {
  shape: number[];
  values: number[];
}

type Loss = (logits: tf.Tensor5D, labels: tf.Tensor4D) => tf.Scalar;

const LOSSES: Record<"crossEntropy" | "dice" | "batchDice" | "both", Loss> = {
  crossEntropy: softmaxCrossEntropyLoss,
  dice: softDiceLoss,
  batchDice: (logits, labels) => softDiceLoss(logits, labels, { batchDice: true }),
  both: (logits, labels) =>
    diceCrossEntropyLoss(logits, labels, { crossEntropyWeight: 0.5, diceWeight: 2 }),
};

function logitsOf({ values, shape }: Golden): tf.Tensor5D {
  return tf.reshape(tf.tensor1d(values), shape as tf.Tensor5D["shape"]);
}

function labelsOf({ values, shape }: Golden, type: "int32" | "float32" = "int32"): tf.Tensor4D {
  return tf.reshape(tf.tensor1d(values, type), shape as tf.Tensor4D["shape"]);
}

function assertClose(actual: tf.Tensor, expected: number[], tolerance: number): void {
  const values = actual.dataSync();
  assertEquals(values.length, expected.length);
  const worst = expected.reduce((most, value, i) => Math.max(most, Math.abs(value - values[i])), 0);
  assertEquals(worst <= tolerance, true, `off by ${worst}, at most ${tolerance} is allowed`);
}

await setBackend("cpu");

for (const [index, entry] of golden.losses.entries()) {
  for (const [name, loss] of Object.entries(LOSSES)) {
    const compare = () => {
      const expected = entry[name as keyof typeof LOSSES];
      for (const type of ["int32", "float32"] as const) {
        const labels = labelsOf(entry.labels, type);
        const logits = logitsOf(entry.logits);
        const { value, grad } = tf.valueAndGrad((x: tf.Tensor) => loss(x as tf.Tensor5D, labels))(
          logits,
        );
        assertAlmostEquals(value.dataSync()[0], expected.value, 1e-6);
        assertEquals(grad.shape, logits.shape);
        assertClose(grad, expected.gradient, 2e-7);
      }
    };
    Deno.test(`${name} loss has PyTorch's value and gradient on case ${index}`, async (test) => {
      for (const backend of ["wasm", "cpu"] as const) {
        await test.step(backend, async () => {
          await setBackend(backend, { threads: 1 });
          compare();
        });
      }
    });
  }
}

Deno.test("diceCrossEntropyLoss() has the gradient of finite differences when nested in a graph", () => {
  const { logits, labels } = golden.losses[0];
  const target = labelsOf(labels);
  const f = (x: tf.Tensor): tf.Scalar =>
    tf.square(diceCrossEntropyLoss(tf.mul(x, 0.3) as tf.Tensor5D, target)) as tf.Scalar;
  const gradient = [...tf.grad(f)(logitsOf(logits)).dataSync()];
  const direction = logits.values.map((_, i) => Math.sin(i));
  const at = (step: number) =>
    f(tf.add(logitsOf(logits), tf.mul(tf.reshape(direction, logits.shape), step))).dataSync()[0];
  const slope = gradient.reduce((sum, value, i) => sum + value * direction[i], 0);
  assertAlmostEquals((at(0.01) - at(-0.01)) / 0.02, slope, 2e-5);
});

Deno.test("softmaxCrossEntropyLoss() stays finite when the label is hopeless", () => {
  const logits: tf.Tensor5D = tf.tensor5d([500, -500], [1, 1, 1, 1, 2]);
  const labels: tf.Tensor4D = tf.ones([1, 1, 1, 1], "int32");
  assertEquals(softmaxCrossEntropyLoss(logits, labels).dataSync()[0], 1000);
});

Deno.test("softmaxCrossEntropyLoss() keeps the digits of a small loss", () => {
  const logits: tf.Tensor5D = tf.tensor5d([1012, 1000], [1, 1, 1, 1, 2]);
  const labels: tf.Tensor4D = tf.zeros([1, 1, 1, 1], "int32");
  const loss = softmaxCrossEntropyLoss(logits, labels).dataSync()[0];
  // log(1 + e^-12) to what a 32-bit probability can tell.
  assertAlmostEquals(loss, Math.log1p(Math.exp(-12)), 6e-8);
});

Deno.test("softDiceLoss() is perfect when a class is neither there nor predicted", () => {
  const logits: tf.Tensor5D = tf.tensor5d([200, 0, 200, 0], [1, 1, 1, 2, 2]);
  const labels: tf.Tensor4D = tf.zeros([1, 1, 1, 2], "int32");
  assertAlmostEquals(softDiceLoss(logits, labels).dataSync()[0], -1, 1e-6);
});

Deno.test("losses leave no tensors behind when value and gradient are disposed", () => {
  const logits = logitsOf(golden.losses[0].logits);
  const labels = labelsOf(golden.losses[0].labels);
  const before = tf.memory().numTensors;
  const { value, grad } = tf.valueAndGrad((x: tf.Tensor) =>
    deepSupervisionLoss([x as tf.Tensor5D], labels)
  )(logits);
  tf.dispose([value, grad]);
  deepSupervisionLoss([logits], labels).dispose();
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("losses refuse shapes that do not fit", () => {
  const logits: tf.Tensor5D = tf.zeros([1, 2, 2, 2, 3]);
  assertThrows(
    () => diceCrossEntropyLoss(logits, tf.zeros([1, 2, 2, 1], "int32")),
    RangeError,
    "Cannot take a loss as logits must be [N, D, H, W, classes] and labels [N, D, H, W]: logits are [1, 2, 2, 2, 3], labels [1, 2, 2, 1]",
  );
  assertThrows(
    () => diceCrossEntropyLoss(tf.zeros([1, 2, 2, 2, 1]), tf.zeros([1, 2, 2, 2], "int32")),
    RangeError,
    "Cannot take a loss as there must be at least 2 classes, background and one more: found 1",
  );
});

Deno.test("deepSupervisionLoss() has PyTorch's value and gradients", () => {
  const { labels, heads, value: expected, gradients } = golden.deepSupervision;
  const target = labelsOf(labels);
  const { value, grads } = tf.valueAndGrads((...inputs: tf.Tensor[]) =>
    deepSupervisionLoss(inputs as tf.Tensor5D[], target)
  )(heads.map(logitsOf));
  assertAlmostEquals(value.dataSync()[0], expected, 1e-6);
  gradients.forEach((gradient, head) => assertClose(grads[head], gradient, 2e-7));
});

Deno.test("deepSupervisionLoss() leaves out heads of weight zero", () => {
  const { labels, heads } = golden.deepSupervision;
  const all = heads.map(logitsOf);
  const target = labelsOf(labels);
  const loss = deepSupervisionLoss(all, target, { weights: [1, 0, 0] }).dataSync()[0];
  assertEquals(loss, diceCrossEntropyLoss(all[0], target).dataSync()[0]);
});

Deno.test("deepSupervisionLoss() refuses weights that do not fit the heads", () => {
  const head: tf.Tensor5D = tf.zeros([1, 2, 2, 2, 2]);
  const labels: tf.Tensor4D = tf.zeros([1, 2, 2, 2], "int32");
  assertThrows(
    () => deepSupervisionLoss([head], labels, { weights: [0.5, 0.5] }),
    RangeError,
    "Cannot weight heads as there must be one weight for each: there are 1 heads and 2 weights",
  );
  assertThrows(
    () => deepSupervisionLoss([head], labels, { weights: [0] }),
    RangeError,
    "Cannot weight heads as one of the weights must not be zero: all are",
  );
});

Deno.test("deepSupervisionWeights() gives the recipe's numbers for five heads", () => {
  const rounded = deepSupervisionWeights(5).map((weight) => Number(weight.toFixed(4)));
  assertEquals(rounded, [0.5161, 0.2581, 0.129, 0.0645, 0.0323]);
  assertEquals(deepSupervisionWeights(1), [1]);
});

Deno.test("deepSupervisionWeights() refuses no heads", () => {
  assertThrows(
    () => deepSupervisionWeights(0),
    RangeError,
    "Cannot weight heads as their number must be a positive integer: current value is 0",
  );
});

Deno.test("downsampleLabels() takes the voxels that PyTorch's nearest-exact takes", () => {
  for (const { size, to, values } of golden.nearestExact) {
    const count = 2 * size[0] * size[1] * size[2];
    const labels = labelsOf({ values: [...Array(count).keys()], shape: [2, ...size] });
    const small = downsampleLabels(labels, to as [number, number, number]);
    assertEquals(small.dtype, "int32");
    assertEquals([...small.dataSync()], values);
  }
});

Deno.test("losses of weight zero are zero, and so is their gradient", () => {
  const { labels, logits } = golden.losses[0];
  const none = { crossEntropyWeight: 0, diceWeight: 0 };
  const { value, grad } = tf.valueAndGrad((x: tf.Tensor) =>
    diceCrossEntropyLoss(x as tf.Tensor5D, labelsOf(labels), none)
  )(logitsOf(logits));
  assertEquals(value.dataSync()[0], 0);
  assertEquals(grad.dataSync().every((slope) => slope === 0), true);
});
