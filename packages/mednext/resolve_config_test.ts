import { assertEquals, assertThrows } from "@std/assert";
import type { MedNeXtConfig } from "./config.ts";
import { resolveConfig } from "./resolve_config.ts";

const REQUIRED = { inputChannels: 2, classes: 3 };

Deno.test("resolveConfig() fills in the defaults of size S when only the required fields are given", () => {
  const nine = [2, 2, 2, 2, 2, 2, 2, 2, 2];
  assertEquals(resolveConfig(REQUIRED), {
    ...REQUIRED,
    size: "S",
    kernelSize: 3,
    deepSupervision: false,
    baseChannels: 32,
    expansionRatios: nine,
    blockCounts: nine,
    encoderKernelSize: 3,
    decoderKernelSize: 3,
    norm: "group",
    grn: false,
    residual: true,
    residualResampling: true,
    dimensions: 3,
    rematerialize: false,
    seed: 0,
  });
});

Deno.test("resolveConfig() takes ratios, counts and rematerialisation from the size when they are left out", () => {
  const large = resolveConfig({ ...REQUIRED, size: "L" });
  assertEquals(large.expansionRatios, [3, 4, 8, 8, 8, 8, 8, 4, 3]);
  assertEquals(large.rematerialize, true);
  const own = resolveConfig({ ...REQUIRED, size: "M", rematerialize: false, kernelSize: 5 });
  assertEquals([own.blockCounts, own.rematerialize], [[3, 4, 4, 4, 4, 4, 4, 4, 3], false]);
  assertEquals([own.encoderKernelSize, own.decoderKernelSize], [5, 5]);
});

Deno.test("resolveConfig() prefers the kernel of encoder or decoder when both are given", () => {
  const config = resolveConfig({ ...REQUIRED, kernelSize: 5, encoderKernelSize: 7 });
  assertEquals([config.encoderKernelSize, config.decoderKernelSize], [7, 5]);
});

Deno.test("resolveConfig() gives its own result back when asked again", () => {
  const config = resolveConfig({ ...REQUIRED, size: "B", grn: true, dimensions: 2 });
  assertEquals(resolveConfig(config), config);
  assertEquals(JSON.parse(JSON.stringify(config)), config);
});

Deno.test("resolveConfig() names every wrong field when several are wrong", () => {
  const config = { classes: 0, size: "XL", kernelSize: 4, grn: "yes", blockCounts: [2, 2] };
  assertEquals(
    assertThrows(() => resolveConfig(config as unknown as MedNeXtConfig), RangeError).message,
    "Cannot create a MedNeXt as 'inputChannels' must be an integer from 1 to 1024: current value is undefined; " +
      "as 'classes' must be an integer from 1 to 65536: current value is 0; " +
      `as 'size' must be "S" or "B" or "M" or "L": current value is "XL"; ` +
      "as 'kernelSize' must be 1, 3, 5 or 7: current value is 4; " +
      "as 'blockCounts' must be 9 integers from 1 to 64 (encoder 0 to 3, bottleneck, decoder 3 to 0): " +
      "current value is [2,2]; " +
      `as 'grn' must be true or false: current value is "yes"`,
  );
});

Deno.test("resolveConfig() refuses a field that does not exist", () => {
  const config = { ...REQUIRED, kernel_size: 3 };
  assertEquals(
    assertThrows(() => resolveConfig(config as MedNeXtConfig), RangeError).message,
    "Cannot create a MedNeXt as 'kernel_size' is not a field; the fields are inputChannels, classes, size, " +
      "kernelSize, deepSupervision, baseChannels, expansionRatios, blockCounts, encoderKernelSize, " +
      "decoderKernelSize, norm, grn, residual, residualResampling, dimensions, rematerialize, seed",
  );
});

Deno.test("resolveConfig() refuses at once what would fill any memory", () => {
  const config = {
    ...REQUIRED,
    baseChannels: 1_000_000,
    expansionRatios: [2, 2, 2, 2, 65, 2, 2, 2, 2],
    blockCounts: [1e9, 1, 1, 1, 1, 1, 1, 1, 1],
  };
  assertEquals(
    assertThrows(() => resolveConfig(config), RangeError).message,
    "Cannot create a MedNeXt as 'baseChannels' must be an integer from 1 to 1024: current value is 1000000; " +
      "as 'expansionRatios' must be 9 integers from 1 to 64 (encoder 0 to 3, bottleneck, decoder 3 to 0): " +
      "current value is [2,2,2,2,65,2,2,2,2]; " +
      "as 'blockCounts' must be 9 integers from 1 to 64 (encoder 0 to 3, bottleneck, decoder 3 to 0): " +
      "current value is [1000000000,1,1,1,1,1,1,1,1]",
  );
});
