import { assertEquals, assertThrows } from "@std/assert";
import { slidingWindowSteps } from "./sliding_window_steps.ts";

Deno.test("slidingWindowSteps() gives nnU-Net's worked example", () => {
  assertEquals(slidingWindowSteps([110], [64]), [[0, 23, 46]]);
});

Deno.test("slidingWindowSteps() covers each axis from edge to edge", () => {
  const image = [130, 64, 30];
  const steps = slidingWindowSteps(image, [64, 64, 64], { stepSize: 0.5 });
  assertEquals(steps, [[0, 22, 44, 66], [0], [0]]);
});

Deno.test("slidingWindowSteps() rounds half to even as NumPy does", () => {
  // Steps of 2.5: 0, 2.5, 5, 7.5, 10.
  assertEquals(slidingWindowSteps([16], [6], { stepSize: 0.5 }), [[0, 2, 5, 8, 10]]);
});

Deno.test("slidingWindowSteps() puts patches side by side when the step is the whole patch", () => {
  assertEquals(slidingWindowSteps([12], [4], { stepSize: 1 }), [[0, 4, 8]]);
});

Deno.test("slidingWindowSteps() refuses what is no size or step", () => {
  assertThrows(
    () => slidingWindowSteps([4, 4], [2]),
    RangeError,
    "Cannot place patches as image and patch must have the same number of axes: the image is [4, 4], the patch [2]",
  );
  assertThrows(
    () => slidingWindowSteps([4], [0]),
    RangeError,
    "Cannot place patches as patchSize must be positive integers: current value is [0]",
  );
  assertThrows(
    () => slidingWindowSteps([4], [2], { stepSize: 0 }),
    RangeError,
    "Cannot place patches as stepSize must be in (0, 1]: current value is 0",
  );
});
