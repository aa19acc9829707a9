import { assert, assertEquals } from "@std/assert";
import { gelu } from "../ops/gelu.ts";
import { invertedBottleneck } from "../ops/inverted_bottleneck.ts";
import { setBackend } from "../set_backend.ts";
import { tf } from "../tf.ts";
import { testOnDevice } from "../conformance/test_on_device.ts";

const VOLUME = [2, 3, 4, 5, 3];

/** Operations that TensorFlow.js' own kernels get wrong here for tensors of rank 5, or that a value type could break. */
const OPERATIONS: Record<string, (x: tf.Tensor) => tf.Tensor> = {
  "pad with a value": (x) => tf.pad(x, [[1, 0], [0, 2], [1, 1], [0, 0], [2, 1]], -1.5),
  "pad of whole numbers": (x) =>
    tf.pad(tf.cast(x, "int32"), [[0, 0], [1, 0], [0, 1], [2, 0], [0, 0]], 7),
  "mirrorPad reflect": (x) => tf.mirrorPad(x, [[0, 0], [2, 1], [1, 3], [4, 0], [0, 2]], "reflect"),
  "mirrorPad symmetric": (x) =>
    tf.mirrorPad(x, [[2, 0], [3, 1], [1, 4], [5, 0], [0, 3]], "symmetric"),
  "addN of more tensors than a shader has buffers": (x) =>
    tf.addN(Array.from({ length: 70 }, (_, i) => tf.add(x, i))),
  "reverse of two axes": (x) => tf.reverse(x, [1, -1]),
  "reverse of all axes": (x) => tf.reverse(x),
};

for (const [name, operation] of Object.entries(OPERATIONS)) {
  testOnDevice(`tf.${name} on webgpu equals cpu for a volume`, async () => {
    const values = Float32Array.from({ length: 360 }, (_, i) => i % 97 - 48);
    const run = () => tf.tidy(() => operation(tf.tensor(values, VOLUME)).arraySync());
    const actual = run();
    await setBackend("cpu");
    assertEquals(actual, run());
  });
}

const BOTTLENECKS: Record<string, { x: number[]; expanded: number; outputs: number }> = {
  "for more outputs than a workgroup holds": { x: [2, 2, 3, 3, 5], expanded: 20, outputs: 130 },
  "for more voxels than a slice has": { x: [1, 26, 27, 28, 2], expanded: 512, outputs: 3 },
  "for most outputs that a workgroup holds": { x: [1, 3, 4, 5, 65], expanded: 260, outputs: 128 },
};

for (const [name, { x, expanded, outputs }] of Object.entries(BOTTLENECKS)) {
  testOnDevice(`invertedBottleneck() on webgpu equals wasm ${name}`, async () => {
    const run = () =>
      tf.tidy(() =>
        bottleneck(x, expanded, outputs).map((each) => each.dataSync() as Float32Array)
      );
    const actual = run();
    await setBackend("wasm", { threads: 1 });
    run().forEach((expected, i) => {
      const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expected.forEach((value, at) => {
        // Sums of up to 20,000 products in another order.
        const error = Math.abs(actual[i][at] - value) / largest;
        assert(error < 1e-5, `result ${i}[${at}]: ${actual[i][at]}, expected ${value}`);
      });
    });
  });
}

/** The output and the gradient of the sum of its squares for each input. */
function bottleneck(x: number[], expanded: number, outputs: number): tf.Tensor[] {
  const shapes = [
    x,
    ...[[x[4]], [x[4]], [x[4], expanded], [expanded], [expanded, outputs], [outputs]],
    [...x.slice(0, 4), outputs],
  ];
  const inputs = shapes.map((shape, seed) => tf.randomNormal(shape, 0.2, 0.5, "float32", seed + 1));
  const run = ([x, gamma, beta, expand, expandBias, compress, bias, residual]: tf.Tensor[]) =>
    invertedBottleneck(x, {
      norm: { gamma, beta },
      expand: { filter: expand, bias: expandBias },
      compress: { filter: compress, bias },
    }, { residual });
  const gradients = tf.grads((...inputs) => tf.sum(tf.square(run(inputs))))(inputs);
  return [run(inputs), ...gradients];
}

const EMPTY: Record<string, (x: tf.Tensor) => tf.Tensor> = {
  gelu: (x) => gelu(x),
  "tf.addN": (x) => tf.addN([x, x]),
  "tf.reverse": (x) => tf.reverse(x, 1),
  "tf.pad": (x) => tf.pad(x, [[0, 0], [1, 1]]),
  "tf.pad to something": (x) => tf.pad(x, [[1, 0], [0, 0]], 5),
};

for (const [name, operation] of Object.entries(EMPTY)) {
  testOnDevice(`${name} on webgpu equals cpu for a tensor without values`, async () => {
    const run = () => tf.tidy(() => operation(tf.zeros([0, 2])).arraySync());
    const actual = run();
    await setBackend("cpu");
    assertEquals(actual, run());
  });
}

testOnDevice("gelu() on webgpu keeps what is not a number, and infinity", () => {
  const x = tf.tensor1d([NaN, Infinity, 1]);
  assertEquals([...gelu(x).dataSync()].slice(0, 2), [NaN, Infinity]);
  assertEquals([...tf.grad((x) => gelu(x))(x).dataSync()].slice(0, 2), [NaN, 1]);
});

testOnDevice("gelu() on webgpu is within a few ulp of cpu, far out too", async () => {
  const points = Float32Array.from({ length: 27 * 256 }, (_, i) => -13.5 + (i + 0.3) / 256);
  const run = () =>
    tf.tidy(() => {
      const x = tf.tensor1d(points);
      return [gelu(x).dataSync(), tf.grad((x) => gelu(x))(x).dataSync()];
    });
  const [values, slopes] = run();
  await setBackend("cpu");
  const [exact, exactSlopes] = run();
  for (let i = 0; i < points.length; i++) {
    // Where Φ is below the normal range of float32, the results may flush to zero.
    if (Math.abs(exact[i]) < 2 ** -122) continue;
    const error = Math.abs(values[i] / exact[i] - 1);
    assert(error < 1e-6, `gelu(${points[i]}): ${values[i]}, expected ${exact[i]}`);
    // The slope passes through 0.
    const difference = Math.abs(slopes[i] - exactSlopes[i]);
    assert(difference < 5e-7, `slope at ${points[i]}: ${slopes[i]}, expected ${exactSlopes[i]}`);
  }
});
