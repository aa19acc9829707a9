/**
 * The description of a `model` artifact, `model.json`. It loads no network.
 * @module
 */
import type { LabelDescription, PreprocessingPlan, Triple } from "@mednext/data";
import type { MedNeXtConfig } from "@mednext/mednext";
import { join } from "@std/path";
import { checkLabels } from "./check_labels.ts";
import { readJson, writeJson } from "./json_file.ts";
import { labelFields, names, plan } from "./manifest_schemas.ts";

const FORMAT = 1;
const FILE = "model.json";
/** The network itself is checked by `createMedNeXt`. */
const SCHEMA = {
  type: "object",
  required: ["network", "labels", "channelNames", "plan", "patchSize", "training"],
  properties: {
    network: { type: "object" },
    ...labelFields,
    channelNames: names,
    plan,
    patchSize: {
      type: "array",
      items: { type: "integer", minimum: 16, multipleOf: 16 },
      minItems: 3,
      maxItems: 3,
    },
    training: { type: "object", required: ["dataset", "fold"] },
  },
};

/** What a model is. */
export interface ModelDescription extends LabelDescription {
  /** Version of this layout. */
  format: 1;
  /** The architecture. */
  network: MedNeXtConfig;
  /** What each channel is. */
  channelNames: string[];
  /** How an image must be preprocessed. */
  plan: PreprocessingPlan;
  /** Patch that the network was trained on: voxels along D, H, W. */
  patchSize: Triple;
  /** Where it comes from: name of the data set and the parameters of its training. */
  training: { dataset: string; fold: number | "all"; parameters: unknown };
}

/** Writes the description. */
export async function writeModelDescription(
  folder: string,
  description: Omit<ModelDescription, "format">,
): Promise<void> {
  await writeJson(join(folder, FILE), { format: FORMAT, ...description });
}

/** Reads the description. */
export async function readModelDescription(folder: string): Promise<ModelDescription> {
  const path = join(folder, FILE);
  const options = { format: FORMAT, what: "a model", schema: SCHEMA };
  const description = await readJson<ModelDescription>(path, options);
  const { network, labels, regions, channelNames } = description;
  const outputs = regions ?? labels;
  if (outputs.length !== network.classes || channelNames.length !== network.inputChannels) {
    const what = regions ? "region" : "label";
    throw new SyntaxError(
      `Cannot read a model from '${path}': expected a ${what} for each of ${network.classes} classes ` +
        `and a name for each of ${network.inputChannels} channels, found ${outputs.length} ${what}s ` +
        `and ${channelNames.length} names`,
    );
  }
  checkLabels(description, path);
  return description;
}
