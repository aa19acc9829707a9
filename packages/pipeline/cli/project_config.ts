import { fromFileUrl, join, relative, resolve, SEPARATOR } from "@std/path";
import configuration from "../deno.json" with { type: "json" };
import { isInside } from "../run/digest.ts";
import { exists } from "../run/file_system.ts";

/** What a project's `deno.json` needs so that `deno run -A pipeline.yaml` runs the pipeline. */
export interface ProjectConfig {
  /** Its `imports`: the YAML file as a main module. */
  readonly imports: Readonly<Record<string, string>>;
  /** What else it needs; nothing unless the packages come out of a checkout. */
  readonly rest: Readonly<Record<string, unknown>>;
  /** Where a folder `vendor` beside it leads. */
  readonly vendor?: string;
}

/** The folder that holds `packages/pipeline`, unless this code came over the network. */
const checkout = import.meta.url.startsWith("file:")
  ? fromFileUrl(new URL("../../../", import.meta.url))
  : undefined;

/**
 * The `deno.json` of a project.
 *
 * A checkout takes the place of the packages on JSR (`links`), and what its setup put into `vendor`
 * serves the project as well, so that a project works wherever the checkout does.
 *
 * @param folder The project's folder.
 */
export async function projectConfig(folder: string): Promise<ProjectConfig> {
  const range = `^${configuration.version.split(".").slice(0, 2).join(".")}`;
  const imports = { "./pipeline.yaml": `jsr:@mednext/pipeline@${range}/main` };
  if (checkout === undefined) return { imports, rest: {} };
  const from = resolve(folder);
  const link = relative(from, checkout).split(SEPARATOR).join("/");
  const vendor = join(relative(from, checkout), "vendor");
  const hasVendor = await exists(join(checkout, "vendor"));
  const rest = {
    links: [link],
    // A workspace of its own: without, Deno warns of a folder that the checkout does not list.
    ...(isInside(from, resolve(checkout)) ? { workspace: [] } : {}),
    ...(hasVendor ? { vendor: true } : {}),
    nodeModulesDir: "none",
    allowScripts: { deny: ["npm:core-js"] },
  };
  return { imports, rest, ...(hasVendor ? { vendor } : {}) };
}
