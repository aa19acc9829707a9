import { assert, assertEquals } from "@std/assert";
import { gelu, pointwiseConv3d, setBackend, tf } from "@mednext/kernels";
import { expandCompress } from "./expand_compress.ts";

const draw = <T extends tf.Tensor>(shape: number[], seed: number) =>
  tf.randomUniform(shape as [number], -1, 1, "float32", seed) as tf.Tensor as T;

const inputs = () => [
  draw([2, 3, 5, 3, 4], 1),
  draw([4, 8], 2),
  draw([8], 3),
  draw([8, 3], 4),
  draw([3], 5),
];

const named = ([, expand, expandBias, compress, compressBias]: tf.Tensor[]) => ({
  expand: { filter: expand as tf.Tensor2D, bias: expandBias as tf.Tensor1D },
  compress: { filter: compress as tf.Tensor2D, bias: compressBias as tf.Tensor1D },
});

const chain = (tensors: tf.Tensor[]) => {
  const { expand, compress } = named(tensors);
  const expanded = pointwiseConv3d(tensors[0], expand.filter, { bias: expand.bias });
  return pointwiseConv3d(gelu(expanded), compress.filter, { bias: compress.bias });
};

const weighted = (f: (tensors: tf.Tensor[]) => tf.Tensor) => (...tensors: tf.Tensor[]) =>
  tf.sum(tf.square(tf.add(f(tensors), 0.3)));

// One voxel of 8 channels at a time is 32 bytes; 90 voxels in slabs of 7 leave a smaller one at the end.
for (const backend of ["cpu", "wasm"] as const) {
  for (const slabBytes of [32, 7 * 32, 2 ** 20]) {
    Deno.test(`expandCompress() equals its operations on ${backend} in slabs of ${slabBytes} bytes`, async () => {
      await setBackend(backend);
      tf.tidy(() => {
        const tensors = inputs();
        const slabs = (all: tf.Tensor[]) =>
          expandCompress(all[0] as tf.Tensor5D, named(all), { slabBytes });
        const [expected, actual] = [chain(tensors), slabs(tensors)];
        assertEquals(actual.shape, expected.shape);
        assertClose(actual, expected);
        const gradients = tf.grads(weighted(chain))(tensors);
        tf.grads(weighted(slabs))(tensors).forEach((gradient, i) => {
          assertEquals(gradient.shape, gradients[i].shape);
          assertClose(gradient, gradients[i]);
        });
      });
    });
  }
}

function assertClose(actual: tf.Tensor, expected: tf.Tensor): void {
  const [a, b] = [actual.dataSync(), expected.dataSync()];
  const largest = Math.max(...b.map(Math.abs));
  a.forEach((value, i) =>
    assert(Math.abs(value - b[i]) <= 2e-6 * largest, `${value} is not ${b[i]}`)
  );
}

Deno.test("expandCompress() leaves nothing but its output and gradients behind", async () => {
  await setBackend("wasm");
  tf.tidy(() => {
    const tensors = inputs();
    const before = tf.memory().numTensors;
    const slabs = (all: tf.Tensor[]) =>
      expandCompress(all[0] as tf.Tensor5D, named(all), { slabBytes: 64 });
    slabs(tensors).dispose();
    assertEquals(tf.memory().numTensors, before);
    tf.dispose(tf.grads((...all) => tf.sum(slabs(all)))(tensors));
    assertEquals(tf.memory().numTensors, before);
  });
});
