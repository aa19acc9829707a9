import { assert, assertEquals, assertThrows } from "@std/assert";
import type { Rank } from "@tensorflow/tfjs";
import { gelu } from "../ops/gelu.ts";
import { groupNorm } from "../ops/group_norm.ts";
import { pointwiseConv3d } from "../ops/pointwise_conv3d.ts";
import { tf } from "../tf.ts";
import type { WasmBackend } from "./backend.ts";
import { registerWasmBackend } from "./register.ts";

const NAME = "wasm-backend-test";
const LIMIT = 40 * 2 ** 20;

async function backend(): Promise<WasmBackend> {
  await registerWasmBackend({ threads: 1, name: NAME, limit: LIMIT });
  await tf.setBackend(NAME);
  return tf.backend() as unknown as WasmBackend;
}

Deno.test("WasmBackend frees what is disposed and uses it again", async () => {
  const wasm = await backend();
  const { allocator } = wasm.runtime;
  const before = { bytes: allocator.bytesInUse, ids: wasm.numDataIds() };
  const step = () =>
    tf.tidy(() => {
      const x = tf.ones<Rank.R5>([1, 4, 8, 8, 16]);
      const weights = tf.fill<Rank.R2>([16, 32], 0.1);
      const loss = (image: tf.Tensor, filter: tf.Tensor) =>
        gelu(pointwiseConv3d(image as tf.Tensor5D, filter as tf.Tensor2D)).square().mean()
          .asScalar();
      return tf.grads(loss)([x, weights]).map((gradient) => gradient.dataSync()[0]);
    });
  const first = step();
  const grown = wasm.runtime.memory.buffer.byteLength;
  for (let i = 0; i < 50; i++) assertEquals(step(), first);
  assertEquals({ bytes: allocator.bytesInUse, ids: wasm.numDataIds() }, before);
  assertEquals(wasm.runtime.memory.buffer.byteLength, grown);
});

Deno.test("WasmBackend keeps what a stock kernel has cut out of a freed tensor", async () => {
  const wasm = await backend();
  const x = tf.tensor(Float32Array.from({ length: 4096 }, (_, i) => i - 2000));
  const doubled = x.add(x);
  const address = wasm.address(doubled);
  // A slice of rank 6 is the stock kernel's: it gives a part of the very same array.
  const part = tf.tidy(() =>
    doubled.reshape([1, 1, 1, 1, 1, 4096]).slice([0, 0, 0, 0, 0, 100], [1, 1, 1, 1, 1, 8])
  );
  const expected = Array.from({ length: 8 }, (_, i) => 2 * (i + 100 - 2000));
  doubled.dispose();
  const other = x.mul(x);
  assertEquals(wasm.address(other), address);
  assertEquals(Array.from(part.dataSync()), expected);
  tf.dispose([x, other, part]);
});

Deno.test("dataSync() gives a copy that outlives the tensor", async () => {
  await backend();
  const x = tf.fill([2048], 3);
  const y = x.add(x);
  const values = y.dataSync();
  y.dispose();
  const z = x.mul(x);
  assert(values.every((value) => value === 6));
  values.fill(1);
  assert(z.dataSync().every((value) => value === 9));
  tf.dispose([x, z]);
});

Deno.test("a tensor moves between the wasm and the cpu backend", async () => {
  const wasm = await backend();
  const before = wasm.runtime.allocator.bytesInUse;
  const x = tf.fill([2048], 3);
  const y = x.add(x);
  await tf.setBackend("cpu");
  const z = y.sub(x);
  assert(z.dataSync().every((value) => value === 3));
  await tf.setBackend(NAME);
  const w = z.add(y);
  assert(w.dataSync().every((value) => value === 9));
  tf.dispose([x, y, z, w]);
  assertEquals(wasm.runtime.allocator.bytesInUse, before);
});

Deno.test("WasmBackend names tensor and budget when memory runs out, and loses nothing", async () => {
  const wasm = await backend();
  const { allocator } = wasm.runtime;
  const before = allocator.bytesInUse;
  const gamma = tf.ones<Rank.R1>([16]);
  const x = tf.ones<Rank.R5>([1, 64, 80, 80, 16]);
  assertThrows(
    () => groupNorm(x, gamma, gamma),
    RangeError,
    "Cannot allocate a tensor of shape [1, 64, 80, 80, 16] in the wasm backend: " +
      `26214400 bytes are needed, ${before + 26214400 + 2 * 64} of at most ${LIMIT} are in use`,
  );
  tf.dispose([x, gamma]);
  assertEquals(allocator.bytesInUse, before);
  const small = tf.fill([4096], 2);
  const sum = small.add(small);
  assert(sum.dataSync().every((value) => value === 4));
  tf.dispose([small, sum]);
});

Deno.test("registerWasmBackend() does nothing when it is called again", async () => {
  const wasm = await backend();
  await Promise.all([backend(), backend()]);
  assertEquals(tf.backend() as unknown, wasm);
});
