import { assert, assertEquals, assertThrows } from "@std/assert";
import { estimateMemory, type MedNeXtConfig } from "@mednext/mednext";
import { checkMemory, type NetworkWork } from "./check_memory.ts";

const NETWORK: MedNeXtConfig = { inputChannels: 1, classes: 3, deepSupervision: true };
const PAPER: NetworkWork = {
  networks: [NETWORK],
  patchSize: [128, 128, 128],
  batchSize: 2,
  training: true,
};
const WASM = { backend: "wasm", bytesInUse: 0, limitBytes: 65535 * 65536 };

Deno.test("checkMemory() refuses the paper's training on wasm and says what fits", () => {
  const bytes = (changes: object, options: object = {}) =>
    estimateMemory({ ...NETWORK, ...changes }, { ...PAPER, ...options }).totalBytes;
  const needed = bytes({});
  assertThrows(
    () => checkMemory(PAPER, WASM),
    RangeError,
    `Cannot train on 2 patches of 128 x 128 x 128 voxels: ${
      (needed / 2 ** 30).toFixed(2)
    } GiB (${needed} bytes) are needed, the wasm backend has 4.00 GiB (4294901760 bytes); ` +
      "it fits with patchSize [96, 96, 96] or with batchSize 1, accumulate 2 and model.rematerialize true",
  );
  // The advice holds, and nothing milder does.
  assert(bytes({}, { patchSize: [96, 96, 96] }) <= WASM.limitBytes);
  assert(bytes({}, { patchSize: [96, 96, 112] }) > WASM.limitBytes);
  assert(bytes({ rematerialize: true }) > WASM.limitBytes);
  assert(bytes({}, { batchSize: 1 }) > WASM.limitBytes);
  assert(bytes({ rematerialize: true }, { batchSize: 1 }) <= WASM.limitBytes);
});

Deno.test("checkMemory() gives the bytes of work that fits, and of any work where there is no limit", () => {
  const small: NetworkWork = { ...PAPER, patchSize: [64, 64, 64] };
  const { totalBytes } = estimateMemory(NETWORK, small);
  assertEquals(checkMemory(small, { ...WASM, limitBytes: totalBytes }), totalBytes);
  assertEquals(checkMemory(small, { backend: "cpu", bytesInUse: 10 ** 12 }), totalBytes);
});

Deno.test("checkMemory() counts the weights of all networks, and what is in use already", () => {
  const one: NetworkWork = { ...PAPER, patchSize: [64, 64, 64], batchSize: 1, training: false };
  const two: NetworkWork = { ...one, networks: [NETWORK, NETWORK] };
  const { totalBytes, weightBytes } = estimateMemory(NETWORK, one);
  const needed = totalBytes + weightBytes;
  const limitBytes = needed + 1000;
  assertEquals(checkMemory(two, { ...WASM, limitBytes, bytesInUse: 1000 }), needed);
  assertThrows(
    () => checkMemory(two, { ...WASM, limitBytes, bytesInUse: 1001 }),
    RangeError,
    `Cannot predict a patch of 64 x 64 x 64 voxels: ${
      (needed / 2 ** 30).toFixed(2)
    } GiB (${needed} bytes) are needed, the wasm backend has ${
      ((needed - 1) / 2 ** 30).toFixed(2)
    } GiB (${needed - 1} bytes); it fits with patchSize [48, 64, 64]`,
  );
});

Deno.test("checkMemory() counts the gradients that are held while more are accumulated", () => {
  const one: NetworkWork = { ...PAPER, patchSize: [64, 64, 64], batchSize: 1 };
  const { totalBytes, weightBytes } = estimateMemory(NETWORK, one);
  assertEquals(checkMemory({ ...one, accumulate: 2 }, WASM), totalBytes + weightBytes);
});

Deno.test("checkMemory() says when no patch fits", () => {
  assertThrows(
    () => checkMemory(PAPER, { ...WASM, limitBytes: 2 ** 20 }),
    RangeError,
    "it does not fit with any patchSize; choose a smaller network",
  );
});
