import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { polynomialSchedule } from "./polynomial_schedule.ts";

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
