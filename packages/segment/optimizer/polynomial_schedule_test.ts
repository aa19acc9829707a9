import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { polynomialSchedule } from "./polynomial_schedule.ts";
import recipe from "../testdata/recipe.json" with { type: "json" };

Deno.test("polynomialSchedule() falls as nnU-Net's over 1000 epochs", () => {
  // 0.01 * (1 - 750 / 1000) ** 0.9 in Python.
  assertAlmostEquals(
    polynomialSchedule(0.01, 750, { totalSteps: 1000 }),
    0.0028717458874925873,
    1e-16,
  );
});

Deno.test("polynomialSchedule() is linear when the exponent is one, and zero past the end", () => {
  assertEquals(polynomialSchedule(8, 1, { totalSteps: 4, exponent: 1 }), 6);
  assertEquals(polynomialSchedule(8, 5, { totalSteps: 4 }), 0);
});

Deno.test("polynomialSchedule() refuses a length or step out of range", () => {
  assertThrows(
    () => polynomialSchedule(1, 0, { totalSteps: 0 }),
    RangeError,
    "Cannot set a learning rate as totalSteps must be above zero: current value is 0",
  );
  assertThrows(
    () => polynomialSchedule(1, -1, { totalSteps: 2 }),
    RangeError,
    "Cannot set a learning rate as step must be at least zero: current value is -1",
  );
});

Deno.test("polynomialSchedule() falls once in an epoch as nnU-Net's scheduler", () => {
  recipe.learningRates.perEpoch.forEach((expected, step) =>
    assertAlmostEquals(
      polynomialSchedule(0.01, step, { totalSteps: 20, every: 4 }),
      expected,
      1e-17,
    )
  );
});

Deno.test("polynomialSchedule() warms up as PyTorch's LinearLR times PolynomialLR", () => {
  recipe.learningRates.warmup.forEach((expected, step) => {
    const rate = polynomialSchedule(1e-3, step, { totalSteps: 20, warmupSteps: 5 });
    assertAlmostEquals(rate, expected, 1e-17);
  });
});

Deno.test("polynomialSchedule() decays by the position where one is given, and warms up by the step", () => {
  const options = { totalSteps: 10, exponent: 1, warmupSteps: 4 };
  assertEquals(polynomialSchedule(8, 6, { ...options, position: 7.5, every: 5 }), 4);
  assertEquals(polynomialSchedule(8, 1, { ...options, position: 5 }), 2);
  assertEquals(polynomialSchedule(8, 6, { ...options, position: 11 }), 0);
});
