import { fromFileUrl } from "@std/path";
import { main } from "./cli/main.ts";

/**
 * Runs the command line of the process and ends it.
 *
 * When an import map has made a YAML file the main module (`deno run -A pipeline.yaml`), that file is the
 * pipeline and every argument follows it; else the arguments name it.
 */
export async function runMain(): Promise<never> {
  const { mainModule } = Deno;
  const file = /^file:.*\.ya?ml$/.test(mainModule) ? fromFileUrl(mainModule) : undefined;
  Deno.exit(await main(Deno.args, file === undefined ? {} : { file }));
}

if (import.meta.main) await runMain();
