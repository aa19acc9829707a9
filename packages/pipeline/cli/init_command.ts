import { join } from "@std/path";
import { disk, exists, writeAtomic } from "../run/file_system.ts";
import { starter } from "./starter.ts";
import type { Arguments } from "./arguments.ts";
import type { Terminal } from "./terminal.ts";
import configuration from "../deno.json" with { type: "json" };

/** `init`: writes a pipeline.yaml and a deno.json to start from. Nothing is overwritten. */
export async function initCommand(
  { rest }: Arguments,
  { terminal }: { terminal: Terminal },
): Promise<number> {
  const folder = rest[0] ?? ".";
  const range = `^${configuration.version.split(".").slice(0, 2).join(".")}`;
  const entry = { "./pipeline.yaml": `jsr:@mednext/pipeline@${range}/main` };
  const project = `${JSON.stringify({ imports: entry }, null, 2)}\n`;
  const files = [["pipeline.yaml", starter], ["deno.json", project]] as const;
  for (const [name, text] of files) {
    const path = join(folder, name);
    if (!await exists(path)) {
      await writeAtomic(disk, path, text);
      terminal.write(`Wrote ${path}\n`);
      continue;
    }
    terminal.write(`Kept ${path}, which is there already\n`);
    if (name === "deno.json") {
      terminal.write(`Add to its "imports": ${JSON.stringify(entry).slice(1, -1)}\n`);
    }
  }
  terminal.write("Point sources.raw.path at your data set, then: deno run -A pipeline.yaml\n");
  return 0;
}
