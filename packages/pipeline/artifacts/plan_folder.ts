/**
 * The `plan` artifact: how a data set is to be preprocessed and trained on. People may edit it.
 *
 *     plan.json                  a `Plan`
 *     plan.md                    why each choice was made, and what networks would need
 *     dataset_fingerprint.json   what the data set is like, with nnU-Net's names and some of our own
 *
 * @module
 */
import type { DatasetFingerprint, Plan } from "@mednext/data";
import { join } from "@std/path";
import { compactJson } from "./compact_json.ts";
import { readJson } from "./json_file.ts";
import { planSchema } from "./plan_schema.ts";

const FORMAT = 1;
const FILE = "plan.json";

/** What a folder of a plan holds. */
export interface PlanFolder {
  plan: Plan;
  fingerprint: DatasetFingerprint;
  /** The explanation, as Markdown. */
  explanation: string;
}

/** Writes a new folder. */
export async function writePlanFolder(folder: string, content: PlanFolder): Promise<void> {
  await Deno.mkdir(folder);
  const write = (file: string, text: string) => Deno.writeTextFile(join(folder, file), text);
  await write(FILE, compactJson({ format: FORMAT, ...content.plan }) + "\n");
  await write("dataset_fingerprint.json", compactJson(content.fingerprint) + "\n");
  await write("plan.md", content.explanation);
}

/**
 * Reads a plan from a folder or from a `plan.json` alone.
 *
 * @throws {SyntaxError} If it does not fit the schema or contradicts itself; every problem is listed with its key.
 */
export async function readPlan(path: string): Promise<Plan> {
  const isFolder = await Deno.stat(path).then((info) => info.isDirectory, () => false);
  const file = isFolder ? join(path, FILE) : path;
  const options = { format: FORMAT, what: "a plan", schema: planSchema };
  const { format: _, ...plan } = await readJson<Plan & { format: 1 }>(file, options);
  const problems = contradictions(plan);
  if (problems.length === 0) return plan;
  throw new SyntaxError(`Cannot read a plan from '${file}': ${problems.join("; ")}`);
}

/** What a schema cannot say. */
function contradictions({ channelNames, normalization, patchSize }: Plan): string[] {
  const problems: string[] = [];
  if (normalization.length !== channelNames.length) {
    problems.push(
      `normalization: must be a list of one item for each of the channels ${
        channelNames.join(", ")
      }: current value has ${normalization.length}`,
    );
  }
  if (Math.max(...patchSize) === 16) {
    problems.push(
      "patchSize: must be 32 along one axis at least, or a single voxel is left at 1/16 of the " +
        `resolution: current value is ${JSON.stringify(patchSize)}`,
    );
  }
  return problems;
}
