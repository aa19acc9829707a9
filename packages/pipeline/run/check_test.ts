import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { PipelineError } from "../graph/problem.ts";
import { starter } from "../cli/starter.ts";
import { createProject } from "../testdata/project.ts";
import { loadPlan } from "./plan.ts";

/** The message of the error that the starter gives with a change. */
async function refusal(set: string): Promise<string> {
  await using project = await createProject({ "pipeline.yaml": starter });
  const path = join(project.folder, "pipeline.yaml");
  return (await assertRejects(() => loadPlan(path, { set: [set] }), PipelineError)).message;
}

Deno.test("loadPlan() refuses a metric without its convention before anything runs", async () => {
  assertEquals(
    await refusal("stages.evaluate.with={ metrics: [dice, nsd: { tolerance: 1 }] }"),
    "Cannot read pipeline.yaml at stages.evaluate.with (given by --set): Cannot read metric nsd " +
      "as 'convention' must be one of deepmind, medpy, metricsreloaded, monai, nnunet-v1: " +
      "it is missing",
  );
});

Deno.test("loadPlan() refuses UpKern without a model to begin with before anything runs", async () => {
  assertEquals(
    await refusal("stages.train.with={ initialize: upkern }"),
    "Cannot read pipeline.yaml at stages.train.with (given by --set): Cannot initialize by " +
      "'upkern' as the input 'init' is not given",
  );
});
