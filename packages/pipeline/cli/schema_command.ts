import { builtinStages } from "../builtin_stages.ts";
import { disk, exists, writeAtomic } from "../run/file_system.ts";
import { loadPlan } from "../run/plan.ts";
import type { ResolveOptions } from "../run/resolve.ts";
import { editorSchema } from "../schema/editor_schema.ts";
import type { Stage } from "../stage.ts";
import type { Arguments } from "./arguments.ts";
import type { Terminal } from "./terminal.ts";

/**
 * `schema`: prints the JSON Schema with the built-in stages, and those of the file if there is one.
 */
export async function schemaCommand(
  file: string,
  { output, file: named }: Arguments,
  { terminal, builtins = builtinStages }: { terminal: Terminal } & ResolveOptions,
): Promise<number> {
  const stages = new Map<string, Stage>();
  for (const [name, load] of builtins) stages.set(name, (await load()).default);
  if (named !== undefined || await exists(file)) {
    const plan = await loadPlan(file, { builtins });
    for (const [name, { stage }] of plan.stages) {
      stages.set(plan.pipeline.spec.stages[name].uses, stage);
    }
  }
  const text = `${JSON.stringify(editorSchema(stages), null, 2)}\n`;
  if (output === undefined) terminal.write(text);
  else await writeAtomic(disk, output, text);
  return 0;
}
