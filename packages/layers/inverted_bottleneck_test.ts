import { assert, assertEquals } from "@std/assert";
import {
  gelu,
  globalResponseNorm,
  layerNorm,
  pointwiseConv3d,
  setBackend,
  tf,
} from "@mednext/kernels";
import { invertedBottleneck } from "./inverted_bottleneck.ts";

await setBackend("cpu");

const draw = <T extends tf.Tensor>(shape: number[], seed: number) =>
  tf.randomUniform(shape as [number], -1, 1, "float32", seed) as tf.Tensor as T;

function weights(withResponse: boolean) {
  const affine = (channels: number, seed: number) => ({
    gamma: draw<tf.Tensor1D>([channels], seed),
    beta: draw<tf.Tensor1D>([channels], seed + 1),
  });
  return {
    norm: affine(3, 1),
    expand: { filter: draw<tf.Tensor2D>([3, 6], 3), bias: draw<tf.Tensor1D>([6], 4) },
    response: withResponse ? affine(6, 5) : undefined,
    compress: { filter: draw<tf.Tensor2D>([6, 2], 7), bias: draw<tf.Tensor1D>([2], 8) },
  };
}

Deno.test("invertedBottleneck() is the chain of its operations", () => {
  tf.tidy(() => {
    const x = draw<tf.Tensor5D>([2, 2, 3, 2, 3], 9);
    const w = weights(true);
    const normalized = layerNorm(x, w.norm.gamma, w.norm.beta);
    const active = gelu(pointwiseConv3d(normalized, w.expand.filter, { bias: w.expand.bias }));
    const answered = globalResponseNorm(active, w.response!.gamma, w.response!.beta);
    const expected = pointwiseConv3d(answered, w.compress.filter, { bias: w.compress.bias });
    const y = invertedBottleneck(x, w, { norm: "layer" });
    assertEquals(y.dataSync(), expected.dataSync());
  });
});

Deno.test("invertedBottleneck() gives the same gradient when it disposes its input", () => {
  tf.tidy(() => {
    const x = draw<tf.Tensor5D>([1, 2, 3, 2, 3], 9);
    const w = weights(false);
    const gradient = (disposeInput: boolean) =>
      tf.grad((t) => tf.sum(tf.square(invertedBottleneck(tf.mul(t, 2), w, { disposeInput }))))(x)
        .dataSync();
    const plain = gradient(false);
    assertEquals(gradient(true), plain);
    assert(plain.some((value) => value !== 0));
  });
});

Deno.test("invertedBottleneck() leaves nothing but its output behind", () => {
  tf.tidy(() => {
    const x = draw<tf.Tensor5D>([1, 2, 2, 2, 3], 9);
    const w = weights(true);
    const before = tf.memory().numTensors;
    invertedBottleneck(x, w);
    assertEquals(tf.memory().numTensors, before + 1);
    invertedBottleneck(x, w, { disposeInput: true });
    assertEquals(tf.memory().numTensors, before + 1);
    assert(x.isDisposed);
  });
});
