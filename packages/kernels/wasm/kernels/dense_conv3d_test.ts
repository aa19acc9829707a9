// Dense convolutions and their two gradients against the cpu backend, for every binary: every stride and remainder,
// paddings of TensorFlow.js, sizes that leave voxels over, several tasks.
import { assert, assertEquals } from "@std/assert";
import { tf } from "../../tf.ts";
import type { Triple } from "../../triple.ts";
import type { KernelVariant } from "../load_kernels.ts";
import { registerWasmBackend } from "../register.ts";

type Five = [number, number, number, number, number];
type Row = [x: Five, kernel: Triple, outputs: number, strides: Triple, pad?: "valid" | "same"];

const BACKENDS: Record<KernelVariant, string> = {
  simd: "wasm-dense-simd-test",
  relaxed_simd: "wasm-dense-relaxed-test",
  wide_simd: "wasm-dense-wide-test",
};

const ROWS: Row[] = [
  [[1, 5, 6, 7, 3], [3, 3, 3], 4, [1, 1, 1]],
  [[2, 6, 7, 8, 2], [3, 3, 3], 9, [2, 2, 2]],
  [[1, 7, 6, 9, 4], [2, 3, 4], 8, [1, 2, 3]],
  [[2, 5, 4, 6, 5], [1, 1, 1], 11, [2, 1, 2]],
  [[1, 9, 9, 9, 1], [5, 5, 5], 3, [2, 2, 2]],
  [[1, 4, 5, 6, 6], [1, 2, 2], 2, [3, 3, 3]],
  [[1, 5, 6, 7, 3], [3, 3, 3], 4, [1, 1, 1], "same"],
  [[2, 5, 6, 8, 4], [3, 4, 2], 7, [2, 2, 2], "same"],
  [[1, 6, 5, 7, 3], [2, 3, 5], 5, [3, 2, 1], "same"],
  [[1, 3, 4, 5, 2], [7, 7, 7], 3, [2, 1, 1], "same"],
  [[2, 2, 3, 130, 7], [1, 3, 3], 17, [1, 1, 1]],
  [[1, 18, 18, 18, 6], [3, 3, 3], 8, [1, 1, 1]],
];

function noise(shape: number[], seed: number): tf.Tensor {
  const length = shape.reduce((product, size) => product * size, 1);
  const values = Float32Array.from({ length }, (_, i) => 2 * Math.sin(i * i * 0.37 + seed));
  return tf.tensor(values, shape);
}

/** y, dx and the gradient of the filter; of dx with dy as large as y. */
function convolutions([x, kernel, outputs, strides, pad = "valid"]: Row): Float32Array[] {
  return tf.tidy(() => {
    const filterShape: Five = [...kernel, x[4], outputs];
    const [input, filter] = [noise(x, 1), noise(filterShape, 2)];
    const y = tf.conv3d(input as tf.Tensor5D, filter as tf.Tensor5D, strides, pad);
    const dy = noise(y.shape, 3);
    const run = (name: string, inputs: tf.NamedTensorMap, shapes: object) =>
      tf.engine().runKernel(name, inputs, { strides, pad, ...shapes }) as tf.Tensor;
    return [
      y,
      run("Conv3DBackpropInputV2", { dy, filter }, { inputShape: x }),
      run("Conv3DBackpropFilterV2", { x: input, dy }, { filterShape }),
    ].map((tensor) => tensor.dataSync<"float32">().slice());
  });
}

for (const [variant, name] of Object.entries(BACKENDS) as [KernelVariant, string][]) {
  for (const row of ROWS) {
    const label = `dense convolutions equal the cpu backend: ${variant} ${JSON.stringify(row)}`;
    Deno.test(label, async () => {
      await tf.setBackend("cpu");
      const expected = convolutions(row);
      await registerWasmBackend({ threads: 1, name, variant });
      await tf.setBackend(name);
      for (const [index, values] of convolutions(row).entries()) {
        const largest = expected[index].reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        const worst = expected[index].reduce(
          (most, value, i) => Math.max(most, Math.abs(value - values[i])),
          0,
        );
        assert(worst <= 3e-6 * largest, `output ${index} is off by ${worst} of ${largest}`);
      }
    });
  }
}

Deno.test("dense convolutions give the same bytes on any number of threads", async () => {
  const name = BACKENDS.simd;
  await registerWasmBackend({ threads: 1, name, variant: "simd" });
  await tf.setBackend(name);
  const expected = ROWS.slice(-2).map(convolutions);
  for (const threads of [2, 3]) {
    await registerWasmBackend({ threads, name });
    assertEquals(ROWS.slice(-2).map(convolutions), expected, `${threads} threads`);
  }
  await registerWasmBackend({ threads: 1, name });
});

Deno.test("dense convolutions with dilations are left to the cpu backend", async () => {
  const results = [];
  for (const backend of ["cpu", BACKENDS.simd]) {
    if (backend !== "cpu") {
      await registerWasmBackend({ threads: 1, name: backend, variant: "simd" });
    }
    await tf.setBackend(backend);
    const dilated = tf.tidy(() => {
      const [x, filter] = [noise([1, 5, 5, 5, 2], 1), noise([2, 2, 2, 2, 3], 2)];
      const attrs = { strides: [1, 1, 1], pad: "valid", dilations: [2, 2, 2] };
      const y = tf.engine().runKernel("Conv3D", { x, filter }, attrs) as tf.Tensor;
      return y.dataSync<"float32">().slice();
    });
    results.push(dilated);
  }
  assertEquals(results[1], results[0]);
});
