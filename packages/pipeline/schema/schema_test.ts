import { assertEquals } from "@std/assert";
import { Ajv } from "ajv";
import { parse } from "@std/yaml/parse";
import { builtinStages } from "../builtin_stages.ts";
import type { Stage } from "../stage.ts";
import textStage from "../testdata/stages/text.ts";
import { coreSchema } from "./core_schema.ts";
import { editorSchema } from "./editor_schema.ts";

Deno.test("pipeline.schema.json is what the command schema gives", async () => {
  const stages = new Map<string, Stage>();
  for (const [name, load] of builtinStages) stages.set(name, (await load()).default);
  const file = new URL("../pipeline.schema.json", import.meta.url);
  const text = `${JSON.stringify(editorSchema(stages), null, 2)}\n`;
  if (Deno.env.has("UPDATE")) await Deno.writeTextFile(file, text);
  assertEquals(await Deno.readTextFile(file), text);
});

const ajv = new Ajv({ strict: false });
const validate = ajv.compile(
  editorSchema(new Map([["text", textStage as unknown as Stage]])),
);

function isValid(stage: string): boolean {
  return validate(parse(`pipeline: 1\nname: x\nstages:\n  a: ${stage}\n`, { schema: "core" }));
}

Deno.test("editorSchema() checks parameters and ports of the stages it knows", () => {
  assertEquals(isValid(`{ uses: text, with: { suffix: a, repeat: 2 } }`), true);
  assertEquals(isValid(`{ uses: text, with: { suffix: 3 } }`), false);
  assertEquals(isValid(`{ uses: text, with: { sufix: a } }`), false);
  assertEquals(isValid(`{ uses: text, in: { form: b.text } }`), false);
  assertEquals(isValid(`{ uses: text, in: { from: b.text }, publish: { text: out } }`), true);
  assertEquals(isValid(`{ uses: text, publish: { texts: out } }`), false);
  assertEquals(isValid(`{ uses: other, with: { sufix: a } }`), true);
});

Deno.test("editorSchema() allows a substitution wherever a value may stand", () => {
  assertEquals(isValid(`{ uses: text, with: { repeat: "\${params.many}" } }`), true);
  assertEquals(isValid(`{ uses: text, with: { repeat: "x\${params.many}" } }`), false);
  assertEquals(isValid(`{ uses: text, with: { mode: ["\${params.mode}", upper] } }`), true);
});

for (const name of ["minimal", "plugins", "cross_validation"]) {
  Deno.test(`coreSchema accepts testdata/valid/${name}.yaml`, async () => {
    const file = new URL(`../testdata/valid/${name}.yaml`, import.meta.url);
    const accept = new Ajv({ strict: false }).compile(coreSchema);
    assertEquals(accept(parse(await Deno.readTextFile(file), { schema: "core" })), true);
  });
}
