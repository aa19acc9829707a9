import { assert, assertEquals, assertThrows } from "@std/assert";
import { allocate, createAllocator, release } from "./allocator.ts";

const PAGE = 65536;

function smallAllocator(limit = 64 * PAGE) {
  const memory = new WebAssembly.Memory({ initial: 2, maximum: 65535, shared: true });
  return createAllocator(memory, { start: PAGE, limit });
}

Deno.test("allocate() gives aligned blocks that do not overlap", () => {
  const allocator = smallAllocator();
  const sizes = [1, 63, 64, 65, 4096, 100];
  const blocks = sizes.map((bytes) => ({ address: allocate(allocator, bytes)!, bytes }));
  for (const { address } of blocks) assertEquals(address % 64, 0);
  const sorted = blocks.toSorted((a, b) => a.address - b.address);
  for (let i = 1; i < sorted.length; i++) {
    assert(sorted[i - 1].address + sorted[i - 1].bytes <= sorted[i].address);
  }
  assertEquals(allocator.bytesInUse, 64 + 64 + 64 + 128 + 4096 + 128);
});

Deno.test("release() joins free blocks so that a larger one fits", () => {
  const allocator = smallAllocator();
  const [a, b, c, d] = Array.from({ length: 4 }, () => allocate(allocator, 1024)!);
  const { byteLength } = allocator.memory.buffer;
  for (const address of [a, c, b]) release(allocator, address);
  assertEquals(allocate(allocator, 3 * 1024), a);
  release(allocator, d);
  release(allocator, a);
  assertEquals(allocator.bytesInUse, 0);
  assertEquals(allocator.free.length, 1);
  assertEquals(allocator.memory.buffer.byteLength, byteLength);
});

Deno.test("allocate() grows the memory up to the limit, and views stay valid", () => {
  const allocator = smallAllocator();
  const first = allocate(allocator, 1024)!;
  const view = new Float32Array(allocator.memory.buffer, first, 256).fill(7);
  const large = allocate(allocator, 40 * PAGE)!;
  new Uint8Array(allocator.memory.buffer, large, 40 * PAGE).fill(255);
  assert(view.every((value) => value === 7));
  view[0] = 8;
  assertEquals(new Float32Array(allocator.memory.buffer, first, 1)[0], 8);
  assertEquals(allocate(allocator, 40 * PAGE), undefined);
  assertEquals(allocator.memory.buffer.byteLength <= allocator.limit, true);
  release(allocator, large);
  assertEquals(allocate(allocator, 40 * PAGE), large);
});

Deno.test("allocate() keeps its books through a long random life", () => {
  const allocator = smallAllocator(512 * PAGE);
  const live = new Map<number, { bytes: number; mark: number }>();
  let state = 1;
  const random = (n: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % n;
  };
  for (let step = 0; step < 3000; step++) {
    if (live.size > 40 || (live.size > 0 && random(2) === 0)) {
      const [address, { bytes, mark }] = [...live][random(live.size)];
      const block = new Uint8Array(allocator.memory.buffer, address, bytes);
      assertEquals([block[0], block[bytes - 1]], [mark, mark]);
      release(allocator, address);
      live.delete(address);
    } else {
      const bytes = 1 + random(50000);
      const address = allocate(allocator, bytes)!;
      new Uint8Array(allocator.memory.buffer, address, bytes).fill(step % 256);
      live.set(address, { bytes, mark: step % 256 });
    }
  }
  for (const address of live.keys()) release(allocator, address);
  assertEquals([allocator.bytesInUse, allocator.used.size, allocator.free.length], [0, 0, 1]);
});

Deno.test("release() throws when the address is not in use", () => {
  const allocator = smallAllocator();
  const address = allocate(allocator, 64)!;
  release(allocator, address);
  assertThrows(
    () => release(allocator, address),
    Error,
    `Cannot free address ${address}: it is not in use`,
  );
});
