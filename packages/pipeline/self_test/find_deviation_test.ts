import { assertEquals } from "@std/assert";
import { findDeviation } from "./find_deviation.ts";

const expected = { logits: [1, -4], loss: [0.5], gradientNorm: [8], trainedLogits: [2, 0] };

Deno.test("findDeviation() finds nothing where values differ by rounding alone", () => {
  assertEquals(findDeviation(expected, expected), undefined);
  assertEquals(findDeviation({ logits: [1.007, -4], gradientNorm: [8.01] }, expected), undefined);
});

Deno.test("findDeviation() names the first values that are wrong", () => {
  assertEquals(
    findDeviation({ loss: [0.5], logits: [1, -4.5] }, expected),
    "expected the logits as on the cpu backend, to 0.002 of the largest, found a difference of 0.13",
  );
  for (const wrong of [[NaN, 0], [2], []]) {
    assertEquals(
      findDeviation({ trainedLogits: wrong }, expected),
      "expected the logits after the training step as on the cpu backend, to 0.002 of the largest, " +
        "found a difference of NaN",
    );
  }
});
