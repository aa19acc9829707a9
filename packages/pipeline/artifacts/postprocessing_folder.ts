/**
 * The `postprocessing` artifact: what is done to masks, and what it was decided on.
 *
 *     postprocessing.json      the description below
 *     postprocessing.md        every trial, for people
 *
 * @module
 */
import type { LabelName } from "@mednext/data";
import type { PostprocessingStep } from "@mednext/segment";
import { join } from "@std/path";
import { readJson, writeJson } from "./json_file.ts";
import { labels } from "./manifest_schemas.ts";

const FORMAT = 1;
const FILE = "postprocessing.json";
const values = {
  type: "array",
  minItems: 1,
  items: { type: "integer", minimum: 1, maximum: 65535 },
};
const SCHEMA = {
  type: "object",
  required: ["labels", "steps"],
  properties: {
    labels,
    steps: {
      type: "array",
      maxItems: 65536,
      items: {
        type: "object",
        required: ["operation", "name", "values", "connectivity"],
        properties: {
          operation: { const: "keep-largest-component" },
          name: { type: "string" },
          values,
          connectivity: { enum: [6, 18, 26] },
        },
      },
    },
  },
};

/** What is done to masks. */
export interface Postprocessing {
  /** Version of this layout. */
  format: 1;
  /** The labels of the data set that it was learned on. */
  labels: LabelName[];
  /** The steps, in order; none if nothing helped. */
  steps: PostprocessingStep[];
}

/** Writes the description, with what it was decided on, and the same for people. */
export async function writePostprocessing(
  folder: string,
  postprocessing: Omit<Postprocessing, "format"> & { [decided: string]: unknown },
  text: string,
): Promise<void> {
  await writeJson(join(folder, FILE), { format: FORMAT, ...postprocessing });
  await Deno.writeTextFile(join(folder, "postprocessing.md"), text + "\n");
}

/**
 * Reads what is done to masks.
 *
 * @param path The folder, or the JSON file itself.
 * @param options The labels that the masks have.
 * @returns The description.
 * @throws {Error} If there is no such file.
 * @throws {SyntaxError} If it is no post-processing.
 * @throws {RangeError} If it was learned on other labels.
 */
export async function readPostprocessing(
  path: string,
  options: { labels: readonly LabelName[] },
): Promise<Postprocessing> {
  const file = path.endsWith(".json") ? path : join(path, FILE);
  const read = { format: FORMAT, what: "a post-processing", schema: SCHEMA };
  const postprocessing = await readJson<Postprocessing>(file, read);
  const expected = show(options.labels), found = show(postprocessing.labels);
  if (expected !== found) {
    throw new RangeError(
      `Cannot use the post-processing in '${file}': expected one for the labels ${expected}, ` +
        `found one for ${found}`,
    );
  }
  return postprocessing;
}

function show(labels: readonly LabelName[]): string {
  return labels.map(({ name, value }) => `${value} ${name}`).join(", ");
}
