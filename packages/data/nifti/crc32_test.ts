import { assertEquals } from "@std/assert";
import { crc32 } from "./crc32.ts";

Deno.test("crc32() gives the check value of its standard, whole or in pieces", () => {
  const bytes = new TextEncoder().encode("123456789");
  assertEquals(crc32(bytes), 0xcbf43926);
  for (let cut = 0; cut <= bytes.length; cut++) {
    assertEquals(crc32(bytes.subarray(cut), crc32(bytes.subarray(0, cut))), 0xcbf43926);
  }
  // Of the text that gzip's authors use: 43 bytes, so that both loops run.
  const text = new TextEncoder().encode("The quick brown fox jumps over the lazy dog");
  assertEquals(crc32(text), 0x414fa339);
});
