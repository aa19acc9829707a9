import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { memory, resetPeakMemory } from "../memory.ts";
import { gelu } from "../ops/gelu.ts";
import { setBackend } from "../set_backend.ts";
import { tf } from "../tf.ts";
import { largestBuffer } from "./device.ts";
import { registerWebgpuBackend } from "./register.ts";
import { testOnDevice } from "../conformance/test_on_device.ts";

testOnDevice(
  "the webgpu backend reads synchronously and asynchronously, again and again",
  async () => {
    const x = tf.tensor1d([1, 2, 3]);
    for (let i = 0; i < 5; i++) {
      const y = tf.tidy(() => tf.add(gelu(x), i));
      assertEquals(await y.data(), y.dataSync());
      y.dispose();
      // A mapping of Deno's takes ten milliseconds to be over, when its values have long been read.
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
    x.dispose();
  },
);

testOnDevice(
  "a wrong shader is an exception at once, with the kernel's name and the place",
  (backend) => {
    const y = backend.output([4]);
    const program = { name: "Wrong", inputs: {}, outputs: { y }, invocations: 4 };
    const error = assertThrows(
      () => backend.run({ ...program, body: "y[index] = nothing;" }),
      Error,
    );
    assertStringIncludes(error.message, "Cannot compile the webgpu kernel Wrong: ");
    assertStringIncludes(error.message, "nothing");
    backend.run({ ...program, body: "y[index] = 1.0;" });
    assertEquals([...backend.readSync(y.dataId) as Float32Array], [1, 1, 1, 1]);
    backend.release(y);
  },
);

testOnDevice(
  "what the device refuses is an exception at the next read, with the kernel's name",
  async (backend) => {
    const x = tf.ones([4]);
    const y = backend.output([4]);
    const overlap = { name: "Overlap", inputs: { y }, outputs: { z: y }, invocations: 4 };
    const reads: ((z: tf.Tensor) => unknown)[] = [(z) => z.dataSync(), (z) => z.data()];
    for (const read of reads) {
      const z = gelu(x);
      backend.run({ ...overlap, body: "z[index] = y[index];" });
      const error = await assertRejects(async () => await read(z), Error);
      assertStringIncludes(error.message, "Cannot run Gelu, Overlap on the webgpu device: ");
      await read(z);
      z.dispose();
    }
    x.dispose();
    backend.release(y);
  },
);

testOnDevice(
  "a tensor over the limit of a buffer is refused before anything is allocated",
  async (backend) => {
    const limit = largestBuffer(backend.device);
    const length = Math.floor(limit / 4) + 1;
    const before = memory();
    const error = assertThrows(() => tf.fill([length], 1), RangeError);
    assertEquals(
      error.message,
      `Cannot allocate a tensor of shape [${length}] on the webgpu device: ${
        length * 4
      } bytes are needed, a buffer has at most ${limit}`,
    );
    assertEquals(memory().reservedBytes, before.reservedBytes);
    assertEquals(await setBackend("cpu"), "cpu");
    assertEquals([...tf.ones([2]).dataSync()], [1, 1]);
  },
);

testOnDevice(
  "a second registration keeps the device and sets the precision alone",
  async (backend) => {
    await registerWebgpuBackend({ precision: "mixed" }).then(
      () => assertEquals(backend.precision, "mixed"),
      () => assertEquals(backend.precision, "float32"),
    );
    await setBackend("webgpu");
    assertEquals(tf.backend() as unknown, backend);
    assertEquals(backend.precision, "float32");
  },
);

testOnDevice("memory() knows the bytes of the webgpu backend and their peak", () => {
  const x = tf.ones([1024]);
  gelu(x).dataSync();
  const before = memory();
  resetPeakMemory();
  const y = gelu(x);
  y.dataSync();
  assertEquals(memory().bytesInUse, before.bytesInUse + 4096);
  y.dispose();
  x.dispose();
});

testOnDevice(
  "a device that was lost is an error, and setBackend() gives a new one",
  async (backend) => {
    const x = tf.ones([4]);
    tf.add(x, 1).dataSync();
    const y = gelu(x);
    backend.device.destroy();
    // Deno tells of the loss only later.
    const unread = assertThrows(() => y.dataSync(), Error);
    assertStringIncludes(unread.message, "Cannot read from the webgpu device: ");
    await new Promise((resolve) => setTimeout(resolve, 50));
    const error = assertThrows(() => gelu(x), Error);
    assertStringIncludes(error.message, "Cannot run Gelu on the webgpu device: it was lost: ");
    await setBackend("cpu");
    await setBackend("webgpu");
    const z = tf.tidy(() => tf.add(tf.ones([2]), 1));
    assertEquals([...z.dataSync()], [2, 2]);
  },
);
