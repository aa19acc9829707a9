/** A small stage for tests: the lengths of its texts. */
import type { Stage } from "../../stage.ts";

const measure: Stage<unknown, { texts: "text[]"; picture: "picture" }, { lengths: "metrics" }> = {
  revision: 1,
  inputs: { texts: "text[]", picture: "picture" },
  outputs: { lengths: "metrics" },
  params: { type: "object", additionalProperties: false, required: ["unit"] },
  async run({ in: inputs, out }) {
    const texts = await Promise.all(inputs.texts.map((path) => Deno.readTextFile(path)));
    await Deno.writeTextFile(out.lengths, JSON.stringify(texts.map(({ length }) => length)));
  },
};
export default measure;
