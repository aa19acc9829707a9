import { assertEquals } from "@std/assert";
import * as pipeline from "./mod.ts";

const NAMES = [
  "InterruptedError",
  "PipelineError",
  "StageError",
  "WriteError",
  "builtinStages",
  "runMain",
  "runPipeline",
  "stageConformance",
];

Deno.test("mod.ts exports these names and no others", () => {
  assertEquals(Object.keys(pipeline).toSorted(), NAMES);
});
