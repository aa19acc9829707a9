import { assert, assertEquals } from "@std/assert";
import golden from "../testdata/erfc.json" with { type: "json" };
import { erfc } from "./erfc.ts";

Deno.test("erfc() equals mpmath to a relative 5e-15, also where it is tiny", () => {
  for (const [x, expected] of golden) {
    const error = Math.abs(erfc(x) - expected) / expected;
    assert(error <= 5e-15, `erfc(${x}): expected ${expected}, found ${erfc(x)}, off by ${error}`);
  }
});

Deno.test("erfc() keeps to its limits", () => {
  assertEquals(erfc(Infinity), 0);
  assertEquals(erfc(-Infinity), 2);
  assertEquals(erfc(40), 0);
  assertEquals(erfc(NaN), NaN);
});
