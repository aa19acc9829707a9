import { assertEquals } from "@std/assert";
import { leastBytes } from "./least_bytes.ts";

Deno.test("leastBytes() grows with the voxels, and not with the expansion", () => {
  const config = { inputChannels: 1, classes: 3 };
  const small = leastBytes(config, [64, 64, 64]);
  // At full resolution two blocks on each side move 6 volumes of 32 channels of float32.
  assertEquals(small > 4 * 6 * 64 ** 3 * 32 * 4, true);
  const ratios = Array(9).fill(8);
  assertEquals(leastBytes({ ...config, expansionRatios: ratios }, [64, 64, 64]), small);
  const ratio = leastBytes(config, [128, 128, 128]) / small;
  // Up blocks have one voxel less along each axis than their outputs.
  assertEquals(ratio > 8 && ratio < 8.1, true);
});
