import { assert, assertEquals } from "@std/assert";
import { memory, resetPeakMemory } from "./memory.ts";
import { gelu } from "./ops/gelu.ts";
import { setBackend } from "./set_backend.ts";
import { tf } from "./tf.ts";

Deno.test("memory() gives the numbers of TensorFlow.js on the cpu backend", async () => {
  await setBackend("cpu");
  const before = memory();
  const x = tf.zeros([3, 5]);
  resetPeakMemory();
  assertEquals(memory(), {
    backend: "cpu",
    tensors: before.tensors + 1,
    bytesInUse: before.bytesInUse + 3 * 5 * 4,
  });
  x.dispose();
  assertEquals(memory(), before);
});

Deno.test("memory() counts bytes, blocks and their peak on the wasm backend", async () => {
  await setBackend("wasm", { threads: 1 });
  const x = tf.ones([4, 1024]);
  gelu(x).dispose();
  resetPeakMemory();
  const before = memory();
  assertEquals(before.peakBytes, before.bytesInUse);
  const outputs = [1, 2, 3].map(() => gelu(x));
  const bytes = 4 * 1024 * 4;
  assertEquals(memory(), {
    ...before,
    tensors: before.tensors + 3,
    bytesInUse: before.bytesInUse + 3 * bytes,
    peakBytes: before.bytesInUse + 3 * bytes,
    blocks: before.blocks! + 3,
  });
  tf.dispose(outputs);
  assertEquals(memory(), { ...before, peakBytes: before.bytesInUse + 3 * bytes });
  resetPeakMemory();
  assertEquals(memory(), before);
  x.dispose();
});

Deno.test("memory() knows the limit of the wasm backend and what it has taken", async () => {
  await setBackend("wasm", { threads: 1 });
  const { reservedBytes, limitBytes, peakBytes, bytesInUse } = memory();
  assertEquals(limitBytes, 65535 * 65536);
  assert(bytesInUse <= peakBytes! && peakBytes! < reservedBytes! && reservedBytes! < limitBytes!);
});
