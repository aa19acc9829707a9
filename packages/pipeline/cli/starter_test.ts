import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { loadPlan } from "../run/plan.ts";
import { createProject } from "../testdata/project.ts";
import { readArguments } from "./arguments.ts";
import { initCommand } from "./init_command.ts";
import { starter } from "./starter.ts";
import { processTerminal } from "./terminal.ts";

Deno.test("the starter that init writes is a whole pipeline of built-in stages", async () => {
  await using project = await createProject({ "pipeline.yaml": starter });
  const { instances } = await loadPlan(join(project.folder, "pipeline.yaml"));
  assertEquals(instances.map(({ id }) => id), ["preprocess", "train", "infer", "evaluate"]);
});

Deno.test("init --cross-validation writes a whole pipeline of five folds", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const terminal = { ...processTerminal(), write: () => {} };
    const args = readArguments(["init", folder, "--cross-validation"]);
    assertEquals(await initCommand(args, { terminal }), 0);
    const { instances } = await loadPlan(join(folder, "pipeline.yaml"));
    assertEquals(instances.length, 1 + 5 + 5 + 3);
    assertEquals(instances.at(-1)!.inputs.model.from.length, 5);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("loadPlan() takes a built-in stage under its package name for the same stage", async () => {
  const named = starter.replace(
    "uses: preprocess",
    "uses: jsr:@mednext/pipeline@^0.1/stages/preprocess",
  );
  await using project = await createProject({ "pipeline.yaml": named, "starter.yaml": starter });
  const load = async (file: string) =>
    (await loadPlan(join(project.folder, file))).stages.get("preprocess")!.identity;
  assertEquals(await load("pipeline.yaml"), "jsr:@mednext/pipeline/stages/preprocess");
  assertEquals(await load("starter.yaml"), "jsr:@mednext/pipeline/stages/preprocess");
});
