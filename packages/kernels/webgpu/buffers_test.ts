import { assertEquals, assertThrows } from "@std/assert";
import { Buffers } from "./buffers.ts";

/** A device with memory for so many bytes, which come back when it is waited for; `log` has what it was told to do. */
function deviceOf(capacity: number): { device: GPUDevice; log: string[] } {
  const log: string[] = [];
  let free = capacity;
  let destroyed = 0;
  let failure: Error | null = null;
  const createBuffer = ({ size, usage }: GPUBufferDescriptor) => {
    if (size > free) failure = new Error("out of memory");
    else free -= size;
    return {
      ...{ size, usage },
      unmap() {},
      getMappedRange: () => new ArrayBuffer(size),
      destroy() {
        log.push("destroy");
        destroyed += size;
      },
      mapAsync() {
        log.push("wait");
        free += destroyed;
        destroyed = 0;
        return Promise.resolve();
      },
    };
  };
  const popErrorScope = () => {
    const error = failure;
    failure = null;
    return Promise.resolve(error);
  };
  const limits = { maxBufferSize: 2 ** 30, maxStorageBufferBindingSize: 2 ** 30 };
  const device = { limits, createBuffer, popErrorScope, pushErrorScope() {} };
  return { device: device as unknown as GPUDevice, log };
}

Deno.test("Buffers gives back what is idle and waits for it when the device has no memory left", () => {
  const { device, log } = deviceOf(16 + 100);
  const buffers = new Buffers(device, () => log.push("submit"));
  const first = buffers.acquireBuffer(80, GPUBufferUsage.STORAGE);
  buffers.releaseBuffer(first);
  buffers.acquireBuffer(60, GPUBufferUsage.STORAGE);
  assertEquals(log, ["submit", "destroy", "wait"]);
  const error = assertThrows(() => buffers.acquireBuffer(50, GPUBufferUsage.STORAGE), RangeError);
  assertEquals(
    error.message.split(":")[0],
    "Cannot allocate 50 bytes on the webgpu device, 60 are in use",
  );
  assertEquals(buffers.numBytesAllocated, 60);
});
