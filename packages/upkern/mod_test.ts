import { assertEquals } from "@std/assert";
import * as upkern from "./mod.ts";

const NAMES = [
  "UpKernError",
  "formatReport",
  "resizeKernel",
  "upkern",
];

Deno.test("mod.ts exports these names and no others", () => {
  assertEquals(Object.keys(upkern).toSorted(), NAMES);
});
