/**
 * Checks that the entry points of each package are its API: every subpath of `exports` is a file named
 * after it, and `mod.ts` re-exports each of them and does nothing else.
 *
 *     deno run --allow-read tools/checks/exports.ts
 */
import { fromFileUrl } from "@std/path";
import { importsOf } from "./sources.ts";

/** Entry points that stand beside `mod.ts` instead of in it: programs, and what loads only on request. */
const APART = new Set([
  "./main",
  "./stage-process-main",
  "./find-images",
  "./predict-images",
  "./stages",
]);

/** The faults of one package, given its `exports` and the text of its `mod.ts`. */
export function checkExports(
  name: string,
  exports: Record<string, string>,
  mod: string,
): string[] {
  const faults: string[] = [];
  const reexported = new Set(importsOf(mod));
  for (const [entry, file] of Object.entries(exports)) {
    if (entry === ".") continue;
    const last = file.split("/").at(-1)!;
    if (last !== `${entry.split("/").at(-1)!.replaceAll("-", "_")}.ts`) {
      faults.push(`${name}: entry "${entry}" names ${file}, a file of another name`);
    }
    const apart = APART.has(entry) || entry.startsWith("./stages/");
    if (!apart && !reexported.has(file)) faults.push(`${name}: mod.ts does not re-export ${file}`);
  }
  const code = mod.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
  const rest = code.replace(/export\s+(?:type\s+)?(?:\{[^}]*\}|\*)\s*from\s*"[^"]+";/g, "").trim();
  if (rest !== "") faults.push(`${name}: mod.ts only re-exports, found: ${rest.split("\n")[0]}`);
  // A type may come from a file that is no entry itself: it is a part of the signatures of one that is.
  const values = importsOf(mod.replace(/export\s+type\s+\{[^}]*\}\s*from\s*"[^"]+";/g, ""));
  for (const file of new Set(values)) {
    if (!Object.values(exports).includes(file)) {
      faults.push(`${name}: ${file} is in mod.ts and has no entry of its own in deno.json`);
    }
  }
  return faults;
}

if (import.meta.main) {
  const root = fromFileUrl(new URL("../../packages/", import.meta.url));
  const faults: string[] = [];
  for (const entry of Deno.readDirSync(root)) {
    const folder = `${root}${entry.name}`;
    const { exports } = JSON.parse(await Deno.readTextFile(`${folder}/deno.json`));
    const mod = await Deno.readTextFile(`${folder}/mod.ts`);
    faults.push(...checkExports(entry.name, exports, mod));
    for (const file of Object.values<string>(exports)) {
      if (!(await exists(`${folder}/${file}`))) {
        faults.push(`${entry.name}: ${file} does not exist`);
      }
    }
  }
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) Deno.exit(1);
  console.log("exports: every entry point is a file of its name, and mod.ts names them all");
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch {
    return false;
  }
}
