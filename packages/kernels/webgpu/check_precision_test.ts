import { assertEquals, assertThrows } from "@std/assert";
import { checkPrecision } from "./check_precision.ts";

function adapter(features: string[]): GPUAdapter {
  const info = { vendor: "", architecture: "", device: "", description: "GeForce GTX 980" };
  return { info, features: new Set(features) } as unknown as GPUAdapter;
}

Deno.test("checkPrecision() refuses mixed where the adapter has no float16, and nothing else", () => {
  checkPrecision("float32", adapter([]));
  checkPrecision("mixed", adapter(["timestamp-query", "shader-f16"]));
  const error = assertThrows(() => checkPrecision("mixed", adapter(["timestamp-query"])), Error);
  assertEquals(
    error.message,
    'Cannot set the backend "webgpu" to the precision "mixed": expected an adapter with the feature shader-f16, found GeForce GTX 980 without it ("float32" works)',
  );
});
