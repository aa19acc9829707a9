import { assertEquals } from "@std/assert";
import { checkImport } from "./arrows.ts";
import { checkExports } from "./exports.ts";
import { importsOf } from "./sources.ts";

Deno.test("importsOf() finds static, dynamic and re-exported specifiers, not comments", () => {
  const text = `
// import { no } from "comment";
/** import { no } from "example"; */
import { a } from "@std/assert";
import type { B } from "./b.ts";
export { c } from "./c.ts";
const d = await import("./d.ts");
`;
  assertEquals(importsOf(text), ["@std/assert", "./b.ts", "./c.ts", "./d.ts"]);
});

Deno.test("checkImport() allows an arrow of the table and refuses the others", () => {
  assertEquals(checkImport("layers", "packages/layers/a.ts", "@mednext/kernels"), []);
  assertEquals(checkImport("segment", "packages/segment/a.ts", "@mednext/mednext"), [
    "packages/segment/a.ts imports @mednext/mednext: segment may import @mednext/kernels",
  ]);
  assertEquals(checkImport("data", "packages/data/a.ts", "@mednext/metrics"), [
    "packages/data/a.ts imports @mednext/metrics: data may import none of ours",
  ]);
});

Deno.test("checkImport() refuses a path into another package", () => {
  assertEquals(checkImport("data", "packages/data/nifti/a.ts", "../volume.ts"), []);
  assertEquals(checkImport("data", "packages/data/nifti/a.ts", "../../metrics/dice.ts"), [
    "packages/data/nifti/a.ts imports ../../metrics/dice.ts: packages import each other by name only",
  ]);
});

Deno.test("checkImport() keeps the stages out of the graph, the runner and the command line", () => {
  assertEquals(checkImport("pipeline", "packages/pipeline/run/runner.ts", "../stages/train.ts"), [
    "packages/pipeline/run/runner.ts imports ../stages/train.ts: graph, runner and command line know no stage",
  ]);
  assertEquals(checkImport("pipeline", "packages/pipeline/cli/main.ts", "../stages/train.ts"), [
    "packages/pipeline/cli/main.ts imports ../stages/train.ts: graph, runner and command line know no stage",
  ]);
  assertEquals(checkImport("pipeline", "packages/pipeline/stages/a.ts", "../run/why.ts"), []);
});

Deno.test("checkExports() accepts a mod.ts that re-exports every entry", () => {
  const mod = `/** Module.\n * @module\n */\nexport { dice } from "./dice.ts";\n`;
  assertEquals(checkExports("metrics", { ".": "./mod.ts", "./dice": "./dice.ts" }, mod), []);
});

Deno.test("checkExports() lets types come from a file that is no entry", () => {
  assertEquals(checkExports("data", { ".": "./mod.ts" }, `export type { A } from "./a.ts";\n`), []);
});

Deno.test("checkExports() names what is missing, misnamed or more than a re-export", () => {
  const mod = `export { a } from "./a.ts";\nexport const b = 1;\n`;
  assertEquals(checkExports("metrics", { ".": "./mod.ts", "./surface-dice": "./nsd.ts" }, mod), [
    `metrics: entry "./surface-dice" names ./nsd.ts, a file of another name`,
    "metrics: mod.ts does not re-export ./nsd.ts",
    "metrics: mod.ts only re-exports, found: export const b = 1;",
    "metrics: ./a.ts is in mod.ts and has no entry of its own in deno.json",
  ]);
});
