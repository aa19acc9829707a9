import { assertEquals } from "@std/assert";
import { isRecent } from "./is_recent.ts";

Deno.test("isRecent() refuses what is before TensorFlow 2.15", () => {
  for (const version of ["2.9.1", "2.14.1", "1.99.0", ""]) assertEquals(isRecent(version), false);
  for (const version of ["2.15.0", "2.15.0-rc1", "2.21.0", "3.0.0"]) {
    assertEquals(isRecent(version), true);
  }
});
