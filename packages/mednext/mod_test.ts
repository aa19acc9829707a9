import { assertEquals } from "@std/assert";
import * as mednext from "./mod.ts";

const NAMES = [
  "PRESETS",
  "StateDictError",
  "checkInput",
  "createMedNeXt",
  "estimateMemory",
  "flopCount",
  "loadStateDict",
  "modelConfig",
  "parameterCount",
  "parameterShapes",
  "readSafetensors",
  "readSafetensorsMetadata",
  "resolveConfig",
  "stateDict",
  "writeSafetensors",
];

Deno.test("mod.ts exports these names and no others", () => {
  assertEquals(Object.keys(mednext).toSorted(), NAMES);
});
