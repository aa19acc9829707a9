import { assertEquals, assertRejects } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { loadPlan } from "../run/plan.ts";

const folder = fromFileUrl(new URL("../testdata/invalid/", import.meta.url));
const builtins = new Map(
  ["preprocess", "train", "infer", "evaluate"].map((name) =>
    [name, () => Promise.reject(new Error(`The stage ${name} is not to be loaded`))] as const
  ),
);

for (const name of [...Deno.readDirSync(folder)].map((entry) => entry.name).sort()) {
  if (!name.endsWith(".yaml")) continue;
  Deno.test(`loadPlan() refuses testdata/invalid/${name}`, async () => {
    const expected = folder + name.replace(".yaml", ".txt");
    const error = await assertRejects(() => loadPlan(folder + name, { builtins }), Error);
    const message = error.message.replaceAll(folder.slice(0, -"invalid/".length), "TESTDATA/");
    if (Deno.env.has("UPDATE")) await Deno.writeTextFile(expected, `${message}\n`);
    assertEquals(`${message}\n`, await Deno.readTextFile(expected));
  });
}
