import { fromFileUrl } from "@std/path";
import { main } from "./cli/main.ts";

/**
 * Runs the command line of this process, then ends the process with its exit code.
 *
 * When an import map has made a YAML file the main module (`deno run -A pipeline.yaml`), that file
 * is the pipeline and all arguments are its own; otherwise the arguments name the file.
 *
 * The promise is not to be awaited at the top level of a module: a stage that imports that module
 * would wait for it for ever.
 *
 * @returns Never.
 */
export async function runMain(): Promise<never> {
  const { mainModule } = Deno;
  const file = /^file:.*\.ya?ml$/.test(mainModule) ? fromFileUrl(mainModule) : undefined;
  Deno.exit(await main(Deno.args, file === undefined ? {} : { file }));
}

/**
 * `deno run jsr:@mednext/pipeline` makes mod.ts the main module, which does nothing but re-export.
 */
function isEntry(mainModule: string): boolean {
  return mainModule === new URL("./mod.ts", import.meta.url).href ||
    /^jsr:\/?@mednext\/pipeline(@[^/]+)?\/?$/.test(mainModule);
}

if (import.meta.main || isEntry(Deno.mainModule)) void runMain();
