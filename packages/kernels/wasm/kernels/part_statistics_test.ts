// What a convolution knows of its output against sums in float64 over that output.
import { assert, assertEquals } from "@std/assert";
import { depthwiseConv3d } from "../../ops/depthwise_conv3d.ts";
import { depthwiseConv3dTranspose } from "../../ops/depthwise_conv3d_transpose.ts";
import { groupNorm } from "../../ops/group_norm.ts";
import { tf } from "../../tf.ts";
import type { WasmBackend } from "../backend.ts";
import { registerWasmBackend } from "../register.ts";

const NAME = "wasm-part-statistics-test";

function noise(shape: number[], seed: number): tf.Tensor {
  const length = shape.reduce((product, size) => product * size, 1);
  return tf.tensor(Float32Array.from({ length }, (_, i) => Math.sin(i * i * 0.37 + seed)), shape);
}

/** A convolution of [2, 6, 9, 17, C] with a bias that puts the mean far from 0. */
function convolved(kind: "dense" | "strided" | "transposed", channels: number): tf.Tensor5D {
  const x = noise([2, 6, 9, 17, channels], 1) as tf.Tensor5D;
  const filter = noise([3, 3, 3, channels], 2) as tf.Tensor4D;
  const bias = tf.range(0, channels).mul(100) as tf.Tensor1D;
  if (kind === "dense") return depthwiseConv3d(x, filter, { bias, padding: 1 });
  if (kind === "strided") return depthwiseConv3d(x, filter, { bias, padding: 1, strides: 2 });
  return depthwiseConv3dTranspose(x, filter, { bias, padding: 1, strides: 2 });
}

for (const kind of ["dense", "strided", "transposed"] as const) {
  for (const channels of [5, 33]) {
    Deno.test(`a ${kind} convolution of ${channels} channels knows the statistics of its output`, async () => {
      await registerWasmBackend({ threads: 2, name: NAME });
      await tf.setBackend(NAME);
      const y = tf.tidy(() => convolved(kind, channels));
      const known = (tf.backend() as WasmBackend).statisticsOf(y);
      assertEquals(known?.length, 2);
      const values = y.dataSync();
      const voxels = values.length / 2 / channels;
      for (const [n, { mean, variance }] of known!.entries()) {
        for (let c = 0; c < channels; c++) {
          const at = (voxel: number) => values[(n * voxels + voxel) * channels + c];
          let sum = 0;
          for (let voxel = 0; voxel < voxels; voxel++) sum += at(voxel);
          let squares = 0;
          for (let voxel = 0; voxel < voxels; voxel++) squares += (at(voxel) - sum / voxels) ** 2;
          // Rows are summed in float32.
          assert(Math.abs(mean[c] - sum / voxels) <= 1e-7 * Math.max(1, Math.abs(mean[c])));
          assert(Math.abs(variance[c] - squares / voxels) <= 2e-6 * variance[c]);
        }
      }
      y.dispose();
      await registerWasmBackend({ threads: 1, name: NAME });
    });
  }
}

Deno.test("groupNorm() does not take the statistics of another shape of the same values", async () => {
  await registerWasmBackend({ threads: 1, name: NAME });
  const normalized = () =>
    tf.tidy(() => {
      const joined = convolved("dense", 5).reshape([1, 12, 9, 17, 5]) as tf.Tensor5D;
      return groupNorm(joined, tf.ones([5]), tf.zeros([5])).dataSync<"float32">().slice();
    });
  await tf.setBackend(NAME);
  const actual = normalized();
  await tf.setBackend("cpu");
  const expected = normalized();
  const worst = expected.reduce((most, value, i) => Math.max(most, Math.abs(value - actual[i])), 0);
  assert(worst <= 1e-4, `off by ${worst}`); // the mean is up to 300 standard deviations from 0
});
