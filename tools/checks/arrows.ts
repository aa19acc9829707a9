/**
 * Checks the arrows between the packages: which package may import which.
 *
 *     deno run --allow-read tools/checks/arrows.ts
 *
 * Tests and benchmarks may import every package; examples are not checked, nothing imports them.
 */
import { fromFileUrl, relative } from "@std/path";
import { importsOf, sourceFiles } from "./sources.ts";

/** What each package may import of ours. */
const ARROWS: Record<string, string[]> = {
  kernels: [],
  layers: ["kernels"],
  mednext: ["layers", "kernels"],
  upkern: [],
  segment: ["kernels"],
  data: [],
  metrics: [],
  pipeline: ["kernels", "layers", "mednext", "upkern", "segment", "data", "metrics"],
};

/** Inside the pipeline, the stages are reached by name only, never imported by what runs them. */
const STAGES = /(^|\/)stages\//;

/** The faults of one import; empty when it is allowed. */
export function checkImport(owner: string, file: string, specifier: string): string[] {
  const ours = /^@mednext\/([a-z]+)/.exec(specifier)?.[1];
  if (ours !== undefined && ours !== owner && !ARROWS[owner].includes(ours)) {
    const allowed = ARROWS[owner].map((name) => `@mednext/${name}`).join(", ") || "none of ours";
    return [`${file} imports ${specifier}: ${owner} may import ${allowed}`];
  }
  if (specifier.startsWith(".")) {
    const depth = file.split("/").length - 3;
    const ups = specifier.split("/").filter((part) => part === "..").length;
    if (ups > depth) {
      return [`${file} imports ${specifier}: packages import each other by name only`];
    }
    if (owner === "pipeline" && /\/(graph|run|cli)\//.test(file) && STAGES.test(specifier)) {
      return [`${file} imports ${specifier}: graph, runner and command line know no stage`];
    }
  }
  return [];
}

if (import.meta.main) {
  const root = fromFileUrl(new URL("../../", import.meta.url));
  const faults: string[] = [];
  for (const owner of Object.keys(ARROWS)) {
    for await (const path of sourceFiles(`${root}packages/${owner}`)) {
      if (/_(test|bench)\.ts$/.test(path)) continue;
      const file = relative(root, path).replaceAll("\\", "/");
      for (const specifier of importsOf(await Deno.readTextFile(path))) {
        faults.push(...checkImport(owner, file, specifier));
      }
    }
  }
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) Deno.exit(1);
  console.log(`arrows: ${Object.keys(ARROWS).length} packages import only what they may`);
}
