import { assertEquals, assertThrows } from "@std/assert";
import { cpuName, peakBytes, slug } from "./machine.ts";

Deno.test("cpuName() finds the model on x86 and the part on ARM", () => {
  assertEquals(
    cpuName("processor\t: 0\nmodel name\t: AMD EPYC 9R14\nmodel\t: 1\n"),
    "AMD EPYC 9R14",
  );
  assertEquals(cpuName("processor\t: 0\nCPU part\t: 0xd40\n"), "ARM part 0xd40");
  assertEquals(cpuName(""), "unknown");
});

Deno.test("slug() makes a part of a file's name", () => {
  assertEquals(slug("Intel(R) Xeon(R) CPU @ 2.20GHz"), "intel-xeon-cpu-2-20ghz");
});

Deno.test("peakBytes() reads VmHWM, not the memory of now", () => {
  assertEquals(peakBytes("VmPeak:\t 900 kB\nVmHWM:\t   12 kB\nVmRSS:\t 8 kB\n"), 12 * 1024);
  assertThrows(
    () => peakBytes("VmRSS:\t 8 kB\n"),
    Error,
    "Cannot read the peak memory: /proc/self/status has no line VmHWM",
  );
});
