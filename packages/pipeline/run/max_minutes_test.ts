import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { runPipeline } from "../run_pipeline.ts";
import type { JsonSchema, Stage } from "../stage.ts";
import { createProject } from "../testdata/project.ts";

/** Writes its parameters. */
function stageWith(properties: Record<string, JsonSchema>): () => Promise<{ default: Stage }> {
  const stage: Stage = {
    ...{ revision: 1, module: import.meta.url, inputs: {}, outputs: { text: "text" } },
    params: { type: "object", additionalProperties: false, properties },
    run: ({ params, out }) => Deno.writeTextFile(out.text, JSON.stringify(params)),
  };
  return () => Promise.resolve({ default: stage });
}

const builtins = new Map([
  ["timed", stageWith({ maxMinutes: { type: "number", exclusiveMinimum: 0 } })],
  ["untimed", stageWith({})],
]);

Deno.test("maxMinutes holds for each stage that has it, and is what the file could have said", async () => {
  await using project = await createProject({
    "pipeline.yaml": `pipeline: 1
name: timed
stages:
  short: { uses: timed }
  long: { uses: timed, with: { maxMinutes: 90 } }
  other: { uses: untimed }
`,
  });
  const path = join(project.folder, "pipeline.yaml");
  const run = (options: { maxMinutes?: number; set?: string[] }) =>
    runPipeline(path, { ...options, builtins });
  const results = await run({ maxMinutes: 2.5 });
  assertEquals(
    await Promise.all(results.map(({ outputs }) => Deno.readTextFile(outputs.text))),
    ['{"maxMinutes":2.5}', '{"maxMinutes":2.5}', "{}"],
  );
  const again = await run({ set: ["stages.short.with.maxMinutes=2.5"] });
  assertEquals(again.map(({ outcome }) => outcome), ["fresh", "ran", "fresh"]);
});
