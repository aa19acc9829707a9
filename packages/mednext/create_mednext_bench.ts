/**
 * One network at one size on each backend that is fast enough to wait for.
 *
 *     deno bench -A packages/mednext/create_mednext_bench.ts
 */
import { setBackend, tf } from "@mednext/kernels";
import { createMedNeXt } from "./create_mednext.ts";

const SIZE = 32;
const CASES = [{ kernelSize: 3 }, { kernelSize: 5 }, { kernelSize: 3, rematerialize: true }];

await setBackend("wasm");
const x = tf.randomNormal([1, SIZE, SIZE, SIZE, 1], 0, 1, "float32", 1);

for (const options of CASES) {
  const model = createMedNeXt({ inputChannels: 1, classes: 3, ...options });
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const name = `S k${options.kernelSize}${options.rematerialize ? " rematerialized" : ""}`;
  const forward = () => model.apply(x) as tf.Tensor;

  Deno.bench(`${name}, forward ${SIZE}³`, () => {
    tf.tidy(() => void forward().dataSync());
  });
  Deno.bench(`${name}, gradients ${SIZE}³`, () => {
    const { value, grads } = tf.variableGrads(
      () => tf.mean(tf.square(forward())) as tf.Scalar,
      variables,
    );
    value.dataSync();
    tf.dispose([value, ...Object.values(grads)]);
  });
}
