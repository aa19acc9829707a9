import { assert, assertEquals } from "@std/assert";
import { setBackend, tf } from "@mednext/kernels";
import { createMedNeXt } from "./create_mednext.ts";
import { fill, filledInput, norm, outputsAndGradients } from "./testdata/outputs_and_gradients.ts";

await setBackend("auto");

/** Runs a network forwards and backwards, and the bytes of all tensors at the end of the forward pass. */
function run(rematerialize: boolean) {
  const model = createMedNeXt({
    inputChannels: 1,
    classes: 2,
    baseChannels: 4,
    deepSupervision: true,
    grn: true,
    rematerialize,
  });
  fill(model);
  const x = filledInput([1, 1, 32, 32, 32]);
  const result = outputsAndGradients(model, x);
  let bytes = 0;
  const start = tf.memory().numBytes;
  tf.tidy(() =>
    tf.variableGrads(() => {
      const [head] = model.apply(x) as tf.Tensor[];
      bytes = tf.memory().numBytes - start;
      return tf.mean(head) as tf.Scalar;
    }, [model.trainableWeights[0].read() as tf.Variable])
  );
  x.dispose();
  model.dispose();
  return { ...result, bytes };
}

Deno.test("createMedNeXt() keeps far fewer bytes and gives the same gradients when it rematerializes", () => {
  const plain = run(false);
  const frugal = run(true);
  assertEquals(frugal.heads, plain.heads);
  // Where a tensor is used three times, its gradients are added in another order.
  const floor = 1e-6 * Math.max(...[...plain.gradients.values()].map(norm));
  for (const [name, gradient] of [...plain.gradients, ["input", plain.inputGradient] as const]) {
    const other = name === "input" ? frugal.inputGradient : frugal.gradients.get(name)!;
    const difference = norm(gradient.map((value, i) => value - other[i]));
    assert(difference <= 1e-5 * norm(gradient) + floor, `${name}: ${difference}`);
  }
  assert(frugal.bytes < plain.bytes / 3, `${frugal.bytes} of ${plain.bytes} bytes`);
});
