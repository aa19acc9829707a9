import { assertEquals } from "@std/assert";
import { formatGpuTable } from "./table.ts";

Deno.test("formatGpuTable() has the median time, the peak and what they come to", () => {
  const work = { kind: "forward", size: "S", kernelSize: 3, voxels: 128 } as const;
  const result = { seconds: [0.5, 0.1, 0.3], peakBytes: 2 ** 31, device: "a card" };
  const table = formatGpuTable([
    { work, runner: "webgpu", result },
    { work, runner: "tf32", result: { error: "PyTorch sees no CUDA device" } },
  ]);
  const [, , measured, failed] = table.split("\n").map((line) => line.split(" | "));
  assertEquals(measured.slice(0, 4), ["| S k3 forward 128³", "webgpu", "300.0 ms", "2.00 GiB"]);
  // flopCount's own example: 2 · 127e9 operations.
  assertEquals(Math.round(parseFloat(measured[5]) / 10) * 10, 850);
  assertEquals(failed[2], "PyTorch sees no CUDA device");
});
