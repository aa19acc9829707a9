import { assert, assertEquals } from "@std/assert";
import { runKernelWithOutputs } from "../../run_kernel.ts";
import { setBackend } from "../../set_backend.ts";
import { tf } from "../../tf.ts";
import { invertedBottleneck, invertedBottleneckGrad } from "./inverted_bottleneck.ts";
import type { Device } from "./tensorflow_kernel.ts";

/** Three voxels of seven expanded channels at a time: the last tile of 40 voxels has one. */
const DEVICE: Device = {
  backend: undefined as never,
  precision: "float32",
  isGrouped: false,
  expandedAtOnce: 22,
};

Deno.test("invertedBottleneck() and its gradient do not depend on the tiles", async () => {
  // The kernel is made of operations that the cpu backend has, whose own kernel is another.
  await setBackend("cpu");
  tf.tidy(() => {
    const random = (seed: number, shape: number[]) => tf.randomNormal(shape, 0, 1, "float32", seed);
    const inputs = {
      ...{ x: random(1, [1, 2, 4, 5, 3]), gamma: random(2, [3]), beta: random(3, [3]) },
      ...{ expand: random(4, [3, 7]), expandBias: random(5, [7]) },
      ...{ compress: random(6, [7, 2]), compressBias: random(7, [2]) },
      residual: random(8, [1, 2, 4, 5, 2]),
    };
    for (const norm of ["group", "layer"] as const) {
      const attrs = { norm, epsilon: 1e-5 };
      const expected = runKernelWithOutputs("InvertedBottleneck", inputs, attrs);
      compare(invertedBottleneck(inputs, attrs, DEVICE) as tf.Tensor[], expected);
      const [, mean, reciprocalStd] = expected;
      const { compressBias: _bias, residual: _residual, ...weights } = inputs;
      const backward = { ...weights, dy: random(9, [1, 2, 4, 5, 2]), mean, reciprocalStd };
      const gradients = runKernelWithOutputs("InvertedBottleneckGrad", backward, attrs);
      compare(invertedBottleneckGrad(backward, attrs, DEVICE) as tf.Tensor[], gradients);
    }
  });
});

/** Within 1e-5 of the largest value: sums of float32 in another order. */
function compare(actual: tf.Tensor[], expected: tf.Tensor[]): void {
  assertEquals(actual.map(({ shape }) => shape), expected.map(({ shape }) => shape));
  actual.forEach((tensor, i) => {
    const error = tf.max(tf.abs(tf.sub(tensor, expected[i]))).dataSync()[0];
    assert(error <= 1e-5 * tf.max(tf.abs(expected[i])).dataSync()[0], `output ${i}: ${error}`);
  });
}
