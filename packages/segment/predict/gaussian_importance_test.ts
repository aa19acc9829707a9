import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { gaussianImportance } from "./gaussian_importance.ts";
import golden from "../testdata/golden.json" with { type: "json" };

Deno.test("gaussianImportance() gives SciPy's values", () => {
  for (const { patchSize, sigmaScale, values } of golden.gaussian) {
    const weights = gaussianImportance(patchSize, { sigmaScale });
    assertEquals(weights.length, values.length);
    values.forEach((value, i) => assertAlmostEquals(weights[i] / value, 1, 2e-7));
  }
});

Deno.test("gaussianImportance() is above zero everywhere when the cut lies inside the patch", () => {
  const weights = gaussianImportance([32], { sigmaScale: 1 / 16 });
  assertEquals(weights[0], Math.min(...weights));
  assertEquals(weights[0] > 0, true);
  assertEquals(weights[16], 10);
});

Deno.test("gaussianImportance() refuses what is no size or width", () => {
  assertThrows(
    () => gaussianImportance([4, 1.5]),
    RangeError,
    "Cannot weight a patch as patchSize must be positive integers: current value is [4, 1.5]",
  );
  assertThrows(
    () => gaussianImportance([4], { sigmaScale: 0 }),
    RangeError,
    "Cannot weight a patch as sigmaScale must be above zero: current value is 0",
  );
});
