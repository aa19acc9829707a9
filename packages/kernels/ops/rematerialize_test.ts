import { assert, assertEquals, assertThrows } from "@std/assert";
import { setBackend } from "../set_backend.ts";
import { tf } from "../tf.ts";
import { gelu } from "./gelu.ts";
import { pointwiseConv3d } from "./pointwise_conv3d.ts";
import { rematerialize } from "./rematerialize.ts";

/** Expand, activate, compress: the wide values in the middle are what costs memory. */
function bottleneck([x, expand, compress]: tf.Tensor[]): tf.Tensor {
  return tf.add(x, pointwiseConv3d(gelu(pointwiseConv3d(x, expand)), compress));
}

function network(run: (inputs: tf.Tensor[]) => tf.Tensor) {
  const x = tf.randomNormal([1, 4, 4, 4, 2], 0, 1, "float32", 1);
  const weights = [[2, 16], [16, 2]].map((shape, i) =>
    tf.tidy(() => tf.variable(tf.randomNormal(shape, 0, 0.5, "float32", i + 2)))
  );
  let bytes = 0;
  const { value, grads } = tf.variableGrads(() => {
    let y: tf.Tensor = x;
    for (let i = 0; i < 4; i++) {
      const before = y;
      y = tf.tidy(() => run([before, ...weights]));
    }
    bytes = tf.memory().numBytes;
    return tf.sum(tf.square(y)) as tf.Scalar;
  });
  const results = [value, ...weights.map(({ name }) => grads[name])].map((each) => each.dataSync());
  tf.dispose([x, value, grads, weights]);
  return { results, bytes };
}

Deno.test("rematerialize() gives the same bytes and holds less when a network is trained", async () => {
  await setBackend("cpu");
  const before = tf.memory().numTensors;
  const plain = network(bottleneck);
  const frugal = network((inputs) => rematerialize(bottleneck, inputs));
  assertEquals(frugal.results, plain.results);
  assertEquals(tf.memory().numTensors, before);
  assert(
    frugal.bytes < plain.bytes / 3,
    `expected less than a third of ${plain.bytes} bytes at the end of the forward pass, found ${frugal.bytes}`,
  );
});

Deno.test("rematerialize() gives a zero gradient when an input is not used", async () => {
  await setBackend("cpu");
  const gradients = tf.grads((a, b) => tf.sum(rematerialize(([a]) => tf.square(a), [a, b])))([
    tf.tensor1d([1, 2]),
    tf.tensor1d([3, 4, 5]),
  ]);
  assertEquals(gradients.map((each) => Array.from(each.dataSync())), [[2, 4], [0, 0, 0]]);
});

Deno.test("rematerialize() passes gradients on once when an input is returned as it is", async () => {
  await setBackend("cpu");
  const gradient = tf.grad((a) => tf.sum(tf.square(rematerialize(([a]) => a, [a]))));
  assertEquals([...gradient(tf.tensor1d([1, 2])).dataSync()], [2, 4]);
});

Deno.test("rematerialize() has a gradient of its gradient", async () => {
  await setBackend("cpu");
  const cube = (a: tf.Tensor) => rematerialize(([a]) => tf.mul(tf.square(a), a), [a]);
  const slope = tf.grad((a) => tf.sum(cube(a)));
  const curvature = tf.grad((a) => tf.sum(slope(a)));
  assertEquals([...curvature(tf.tensor1d([1, 2])).dataSync()], [6, 12]);
});

Deno.test("rematerialize() leaves no tensor behind when the function throws", async () => {
  await setBackend("cpu");
  const before = tf.memory().numTensors;
  const fail = () => {
    throw new Error("on purpose");
  };
  const a = tf.ones([2]);
  assertThrows(() => tf.grad(() => rematerialize(fail, [a]))(a), Error, "on purpose");
  a.dispose();
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("rematerialize() refuses what gives no tensor", async () => {
  await setBackend("cpu");
  const error = assertThrows(
    () => rematerialize(() => 1 as unknown as tf.Tensor, [tf.ones([1])]),
    TypeError,
  );
  assertEquals(
    error.message,
    "Cannot rematerialize: expected the function to return one tensor, found number",
  );
});
