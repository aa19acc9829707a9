import { assertEquals } from "@std/assert";
import expected from "../../testdata/session_config.json" with { type: "json" };
import { type ContextOptions, sessionConfig } from "./session_config.ts";

Deno.test("sessionConfig() gives the bytes of TensorFlow's own encoder", () => {
  for (const { options, hex } of expected) {
    assertEquals(sessionConfig(options as ContextOptions).toHex(), hex);
  }
});
