import { dirname, fromFileUrl, join } from "@std/path";
import configuration from "../../deno.json" with { type: "json" };

const permissions = ["read", "write", "run", "env", "net", "sys", "ffi", "import"] as const;

/**
 * Why this process cannot start another that may do the same; undefined if it can. Permissions
 * cannot be handed on but all of them at once, and nobody is asked for any.
 */
export function obstacle(): string | undefined {
  if (Deno.build.standalone) return "it runs out of a compiled program";
  const isGranted = (name: typeof permissions[number]) => {
    const { state, partial } = Deno.permissions.querySync({ name } as Deno.PermissionDescriptor);
    return state === "granted" && !partial;
  };
  const missing = permissions.find((name) => !isGranted(name));
  return missing && `it needs all permissions (-A), "${missing}" is missing`;
}

/**
 * The process of a stage, which finds its modules as this one does: by the same `deno.json`.
 *
 * @param flags Flags of V8, on top of those that this process was started with.
 */
export function stageCommand(flags: readonly string[]): Deno.Command {
  const config = findConfig(Deno.mainModule);
  const given = Deno.env.get("DENO_V8_FLAGS") ?? "";
  const all = [...(given === "" ? [] : [given]), ...flags];
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", ...(config === undefined ? [] : ["--config", config]), main()],
    env: all.length === 0 ? {} : { DENO_V8_FLAGS: all.join(",") }, // V8 refuses an empty flag
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  });
}

/** Out of JSR, a module is reached by its package alone. */
function main(): string {
  const { href, protocol } = new URL("./stage_process_main.ts", import.meta.url);
  const { name, version } = configuration;
  return protocol === "file:" ? href : `jsr:${name}@${version}/stage-process-main`;
}

/**
 * The `deno.json` that Deno has found for a main module: the nearest one above it, or above the
 * current folder for a package, such as this one, which may lie in a checkout that takes its place.
 */
function findConfig(mainModule: string): string | undefined {
  const isScript = mainModule.startsWith("file:") &&
    mainModule !== new URL("../../mod.ts", import.meta.url).href;
  let folder = isScript ? dirname(fromFileUrl(mainModule)) : Deno.cwd();
  for (;;) {
    for (const name of ["deno.json", "deno.jsonc"]) {
      const path = join(folder, name);
      if (isFile(path)) return path;
    }
    const above = dirname(folder);
    if (above === folder) return undefined;
    folder = above;
  }
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
