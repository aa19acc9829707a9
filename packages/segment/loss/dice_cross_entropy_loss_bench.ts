/** Value and gradient of the loss: `deno bench -A packages/segment/loss`. */
import { setBackend, tf } from "@mednext/kernels";
import { diceCrossEntropyLoss } from "./dice_cross_entropy_loss.ts";

/** N, D, H, W, classes: a patch of the hippocampus set, two of them, and many classes. */
const SIZES: [number, number, number, number, number][] = [
  [1, 48, 64, 48, 3],
  [2, 48, 64, 48, 3],
  [1, 48, 64, 48, 14],
];

const backend = await setBackend("auto");

for (const size of SIZES) {
  const logits = tf.randomNormal(size, 0, 1, "float32", 1);
  const shape = size.slice(0, 4) as [number, number, number, number];
  const labels: tf.Tensor4D = tf.randomUniform(shape, 0, size[4], "int32", 2);
  const regions = Array.from({ length: size[4] }, (_, region) => [region]);
  for (const [name, options] of [["classes", {}], ["regions", { regions }]] as const) {
    const run = tf.valueAndGrad((x: tf.Tensor) =>
      diceCrossEntropyLoss(x as tf.Tensor5D, labels, options)
    );
    Deno.bench(
      `diceCrossEntropyLoss() and its gradient, [${size.join(", ")}], ${name}, ${backend}`,
      () => {
        const { value, grad } = run(logits);
        grad.dataSync();
        tf.dispose([value, grad]);
      },
    );
  }
}
