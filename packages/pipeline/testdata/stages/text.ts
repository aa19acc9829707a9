/** A small stage for tests: joins its texts and adds a suffix. */
import type { Stage } from "../../stage.ts";

interface Params {
  suffix: string;
  repeat: number;
}

const text: Stage<Params, { from: "text" }, { text: "text" }, "from"> = {
  revision: 1,
  inputs: { from: "text" },
  optional: ["from"],
  outputs: { text: "text" },
  params: {
    type: "object",
    additionalProperties: false,
    properties: {
      suffix: { type: "string", default: "!" },
      repeat: { type: "integer", minimum: 1, default: 1 },
      mode: { anyOf: [{ const: "auto" }, { type: "array", items: { enum: ["upper", "lower"] } }] },
      size: { enum: ["small", "large"] },
    },
  },
  async run({ params, in: inputs, out }) {
    const before = inputs.from === undefined ? "" : await Deno.readTextFile(inputs.from);
    await Deno.writeTextFile(out.text, before + params.suffix.repeat(params.repeat));
  },
};
export default text;
