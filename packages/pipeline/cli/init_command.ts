import { join } from "@std/path";
import { disk, exists, writeAtomic, writing } from "../run/file_system.ts";
import type { Arguments } from "./arguments.ts";
import { crossValidationStarter } from "./cross_validation_starter.ts";
import { type ProjectConfig, projectConfig } from "./project_config.ts";
import { starter } from "./starter.ts";
import type { Terminal } from "./terminal.ts";

/** `init`: writes a pipeline.yaml and a deno.json to start from. Nothing is overwritten. */
export async function initCommand(
  { rest, flags }: Arguments,
  { terminal }: { terminal: Terminal },
): Promise<number> {
  const folder = rest[0] ?? ".";
  const config = await projectConfig(folder);
  const project = `${JSON.stringify({ imports: config.imports, ...config.rest }, null, 2)}\n`;
  const pipeline = flags.has("cross-validation") ? crossValidationStarter : starter;
  await writeNew(join(folder, "pipeline.yaml"), pipeline, terminal);
  if (await writeNew(join(folder, "deno.json"), project, terminal)) {
    await linkVendor(folder, config);
  } else {
    terminal.write(`Add to its "imports": ${JSON.stringify(config.imports).slice(1, -1)}\n`);
  }
  const shown = /^[\w./-]+$/.test(folder) ? folder : `'${folder}'`;
  const enter = folder === "." ? "" : `cd ${shown} && `;
  terminal.write(
    `Point sources.raw.path in pipeline.yaml at your data set, then: ` +
      `${enter}deno run -A pipeline.yaml\n`,
  );
  return 0;
}

/** Writes a file unless it is there; says which. */
async function writeNew(path: string, text: string, terminal: Terminal): Promise<boolean> {
  if (await exists(path)) {
    terminal.write(`Kept ${path}, which is there already\n`);
    return false;
  }
  await writeAtomic(disk, path, text);
  terminal.write(`Wrote ${path}\n`);
  return true;
}

async function linkVendor(folder: string, { vendor }: ProjectConfig): Promise<void> {
  const path = join(folder, "vendor");
  if (vendor === undefined || await exists(path)) return;
  await writing(path, () => Deno.symlink(vendor, path, { type: "junction" }));
}
