import { assertEquals } from "@std/assert";
import { startStage } from "./stage_process_start.ts";

Deno.test("startStage() starts without the flags that V8 does not know, and remembers them", async () => {
  const { signal } = new AbortController();
  for (const flags of [["--no-such-flag", "--no-wasm-bounds-checks"], ["--no-such-flag"]]) {
    await using process = (await startStage(signal, flags))!;
    process.send({
      type: "load",
      specifier: new URL("../../testdata/apart.ts", import.meta.url).href,
    });
    assertEquals(await process.next(), { type: "ready" });
    process.send({ type: "load", specifier: "file:///absent.ts" });
    assertEquals(await process.next(), {
      type: "refused",
      reason: 'Module not found "file:///absent.ts".',
    });
  }
});
