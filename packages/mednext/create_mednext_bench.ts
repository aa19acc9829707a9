/**
 * One network at one size on the backend that is fast enough to wait for; names tell the most memory beyond weights.
 *
 *     deno bench -A packages/mednext/create_mednext_bench.ts
 */
import { memory, resetPeakMemory, setBackend, tf, valueAndGradients } from "@mednext/kernels";
import { createMedNeXt } from "./create_mednext.ts";

const SIZE = 32;
const CASES = [{ kernelSize: 3 }, { kernelSize: 5 }, { kernelSize: 3, rematerialize: true }];

await setBackend("wasm");
const x = tf.randomNormal([1, SIZE, SIZE, SIZE, 1], 0, 1, "float32", 1);

for (const options of CASES) {
  const model = createMedNeXt({ inputChannels: 1, classes: 3, ...options });
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const name = `S k${options.kernelSize}${options.rematerialize ? " rematerialized" : ""}`;
  const logits = () => model.apply(x) as tf.Tensor;
  const loss = () => tf.mean(tf.square(logits())) as tf.Scalar;
  const forward = () => tf.tidy(() => void logits().dataSync());
  const backward = () => {
    const { value, gradients } = valueAndGradients(loss, variables);
    value.dataSync();
    tf.dispose([value, gradients]);
  };

  Deno.bench(`${name}, forward ${SIZE}³, ${peakOf(forward)}`, forward);
  Deno.bench(`${name}, gradients ${SIZE}³, ${peakOf(backward)}`, backward);
}

/** The memory that a run needs at most, beyond what is there anyway. */
function peakOf(run: () => void): string {
  run(); // moves the weights into the backend
  resetPeakMemory();
  const before = memory().bytesInUse;
  run();
  return `${((memory().peakBytes! - before) / 2 ** 20).toFixed(0)} MiB`;
}
