import { collectGarbage } from "../run/gc.ts";
import { loadPipeline } from "../run/plan.ts";
import type { Arguments } from "./arguments.ts";
import type { Terminal } from "./terminal.ts";

/** `gc`: removes what no lock file names. */
export async function gcCommand(
  file: string,
  { flags }: Arguments,
  { terminal }: { terminal: Terminal },
): Promise<number> {
  const pipeline = await loadPipeline(file);
  const dryRun = flags.has("dry-run");
  const { paths, bytes } = await collectGarbage(pipeline, {
    dryRun,
    scratch: flags.has("scratch"),
  });
  for (const path of paths) terminal.write(`${path}\n`);
  const size = (bytes / 2 ** 20).toFixed(1);
  terminal.write(`${dryRun ? "Would remove" : "Removed"} ${paths.length} entries, ${size} MiB\n`);
  return 0;
}
