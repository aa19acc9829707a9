import { assert, assertEquals, assertThrows } from "@std/assert";
import { memory, resetPeakMemory, setBackend, tf } from "@mednext/kernels";
import type { MedNeXtConfig } from "./config.ts";
import { createMedNeXt } from "./create_mednext.ts";
import { estimateMemory } from "./estimate_memory.ts";
import { parameterCount } from "./parameter_count.ts";

const NETWORK: MedNeXtConfig = { inputChannels: 1, classes: 3, baseChannels: 8 };

/** The most bytes of a prediction, with the weights and the batch. */
function measuredPeak(config: MedNeXtConfig, patchSize: readonly number[], batchSize = 1): number {
  const start = memory().bytesInUse;
  const model = createMedNeXt(config);
  const x = tf.zeros([batchSize, ...patchSize, config.inputChannels]);
  resetPeakMemory();
  tf.dispose(model.predict(x, { batchSize }));
  const peak = memory().peakBytes! - start;
  x.dispose();
  model.dispose();
  return peak;
}

const cube = (side: number): number[] => [side, side, side];

for (
  const { name, config, patchSize, batchSize } of [
    { name: "8 channels, 32³", config: {}, patchSize: cube(32) },
    { name: "8 channels, 48³", config: {}, patchSize: cube(48) },
    { name: "8 channels, 64³", config: {}, patchSize: cube(64) },
    { name: "16 channels, 48³", config: { baseChannels: 16 }, patchSize: cube(48) },
    { name: "32 channels, 32³", config: { baseChannels: 32 }, patchSize: cube(32) },
    { name: "five heads", config: { deepSupervision: true }, patchSize: cube(32) },
    { name: "two patches", config: {}, patchSize: [32, 16, 48], batchSize: 2 },
    { name: "layer normalisation", config: { norm: "layer" as const }, patchSize: cube(32) },
    { name: "response normalisation", config: { grn: true }, patchSize: cube(32) },
    { name: "other channels", config: { inputChannels: 4, classes: 10 }, patchSize: cube(32) },
    { name: "2-D", config: { dimensions: 2 as const }, patchSize: [128, 256] },
  ]
) {
  Deno.test(`estimateMemory() is at most a tenth above a prediction's peak, ${name}`, async () => {
    await setBackend("wasm", { threads: 2 });
    const network = { ...NETWORK, ...config };
    const measured = measuredPeak(network, patchSize, batchSize);
    const { totalBytes } = estimateMemory(network, { patchSize, batchSize });
    const ratio = totalBytes / measured;
    assert(ratio >= 1 && ratio < 1.1, `${totalBytes} bytes estimated, ${measured} measured`);
  });
}

Deno.test("estimateMemory() adds up, and counts weights and moments", () => {
  const options = { patchSize: cube(32), training: true };
  const { totalBytes, ...parts } = estimateMemory(NETWORK, options);
  assertEquals(Object.values(parts).reduce((sum, bytes) => sum + bytes), totalBytes);
  const bytes = 4 * parameterCount(NETWORK);
  assert(parts.weightBytes >= bytes && parts.weightBytes < 1.05 * bytes);
  assertEquals(parts.momentBytes, 2 * parts.weightBytes);
  const forward = estimateMemory(NETWORK, { patchSize: cube(32) });
  assertEquals([forward.momentBytes, forward.gradientBytes], [0, 0]);
});

Deno.test("estimateMemory() says that the paper's training is more than WebAssembly has", () => {
  const limit = 65535 * 65536;
  const paper = { inputChannels: 1, classes: 3, deepSupervision: true };
  const training = { patchSize: cube(128), batchSize: 2, training: true };
  for (const size of ["S", "B", "M", "L"] as const) {
    assert(estimateMemory({ ...paper, size }, training).totalBytes > limit);
  }
  // A prediction of the smallest was measured: 1,161,450,560 bytes.
  const { totalBytes } = estimateMemory({ ...paper, deepSupervision: false }, {
    patchSize: cube(128),
  });
  assert(totalBytes > 1_161_450_560 && totalBytes < 1.1 * 1_161_450_560);
});

Deno.test("estimateMemory() refuses patches that the network does not take, and half a patch", () => {
  assertThrows(
    () => estimateMemory(NETWORK, { patchSize: [32, 40, 32] }),
    RangeError,
    "Cannot run the network on an input of [1, 32, 40, 32, 1] (N, D, H, W, C): " +
      "expected multiples of 16, found H is 40 (nearest: 32 or 48)",
  );
  assertThrows(
    () => estimateMemory(NETWORK, { patchSize: cube(32), batchSize: 0.5 }),
    RangeError,
    "Cannot estimate memory as 'batchSize' must be a positive integer: current value is 0.5",
  );
});
