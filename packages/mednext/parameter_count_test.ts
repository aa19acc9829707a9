import { assertEquals } from "@std/assert";
import { parameterCount } from "./parameter_count.ts";
import type { MedNeXtSize } from "./presets.ts";

/**
 * Counts of the release without its `dummy_tensor`: size, kernel; then 1 input channel and 3 classes, and 1 input channel
 * and 14 classes with deep supervision.
 */
const COUNTS: [MedNeXtSize, number, number, number][] = [
  ["S", 3, 5_550_947, 5_564_806],
  ["S", 5, 5_980_579, 5_994_438],
  ["B", 3, 10_526_339, 10_540_198],
  ["B", 5, 10_955_971, 10_969_830],
  ["M", 3, 17_548_995, 17_562_854],
  ["M", 5, 18_260_867, 18_274_726],
  ["L", 3, 61_779_299, 61_793_158],
  ["L", 5, 62_992_931, 63_006_790],
];

for (const [size, kernelSize, plain, supervised] of COUNTS) {
  Deno.test(`parameterCount() is the release's when asked for ${size} k${kernelSize}`, () => {
    const common = { inputChannels: 1, size, kernelSize };
    assertEquals(parameterCount({ ...common, classes: 3 }), plain);
    assertEquals(
      parameterCount({ ...common, classes: 14, deepSupervision: true }),
      supervised,
    );
  });
}

Deno.test("parameterCount() grows by what an input channel, a class and a head need", () => {
  const base = { inputChannels: 1, classes: 3 };
  const counted = parameterCount(base);
  assertEquals(parameterCount({ ...base, inputChannels: 4 }) - counted, 3 * 32);
  assertEquals(parameterCount({ ...base, classes: 5 }) - counted, 2 * 33);
  const heads = 3 * (64 + 128 + 256 + 512 + 4);
  assertEquals(parameterCount({ ...base, deepSupervision: true }) - counted, heads);
});
