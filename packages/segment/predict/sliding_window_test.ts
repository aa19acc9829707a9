import { assertAlmostEquals, assertEquals } from "@std/assert";
import { setBackend, tf } from "@mednext/kernels";
import golden from "../testdata/sliding_window.json" with { type: "json" };
import { predictVolume } from "./predict_volume.ts";

await setBackend("cpu");

type Sizes = [number, number, number];

/** As `make_sliding_window.py` has it. */
function waves(length: number, speed: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin(i * speed + 1));
}

Deno.test("predictVolume() gives the logits of nnU-Net's own predictor", async () => {
  // [out, in, D, H, W] of PyTorch to [D, H, W, in, out].
  const kernel = tf.transpose(tf.tensor(waves(3 * 2 * 27, 0.37), [3, 2, 3, 3, 3]), [2, 3, 4, 1, 0]);
  const network = (patch: tf.Tensor5D) =>
    tf.conv3d(patch, kernel as unknown as tf.Tensor5D, 1, "same");
  for (const { logits, ...options } of golden) {
    const [shape, patchSize] = [options.shape as Sizes, options.patchSize as Sizes];
    const volume = waves(2 * shape[0] * shape[1] * shape[2], 0.7);
    const prediction = await predictVolume(network, volume, {
      ...options,
      shape,
      patchSize,
      channels: 2,
    });
    assertEquals(prediction.scores.length, logits.length);
    // Sums of 54 products and of up to 64 weighted predictions, in float32 in another order.
    logits.forEach((logit, i) => assertAlmostEquals(prediction.scores[i], logit, 2e-5));
  }
  kernel.dispose();
});
