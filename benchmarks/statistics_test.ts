import { assertEquals, assertThrows } from "@std/assert";
import { median, pairedRatios, spread } from "./statistics.ts";

Deno.test("median() is the middle one, or the mean of the middle two, whatever the order", () => {
  assertEquals(median([10, 1, 9]), 9);
  assertEquals(median([10, 1, 9, 2]), 5.5);
  assertEquals(median([3]), 3);
});

Deno.test("median() refuses an empty list", () => {
  assertThrows(() => median([]), RangeError, "Cannot take a median of no values");
});

Deno.test("spread() has the median between the least and the most", () => {
  assertEquals(spread([5, 1, 4]), { median: 4, min: 1, max: 5 });
});

Deno.test("pairedRatios() divides pair by pair when the machine slows down for both", () => {
  // The medians alone would give 4 / 4 = 1.
  assertEquals(pairedRatios([1, 4, 10], [2, 8, 4]), { median: 0.5, min: 0.5, max: 2.5 });
});

Deno.test("pairedRatios() refuses what has no partner", () => {
  assertThrows(
    () => pairedRatios([1, 2], [1]),
    RangeError,
    "Cannot pair measurements: there are 2 of ours and 1 of theirs",
  );
});
