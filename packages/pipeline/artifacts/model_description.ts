/**
 * The description of a `model` artifact, `model.json`. It loads no network.
 * @module
 */
import type { LabelDescription, PreprocessingPlan, Triple } from "@mednext/data";
import { type MedNeXtConfig, resolveConfig } from "@mednext/mednext";
import { join } from "@std/path";
import { checkLabels } from "./check_labels.ts";
import { reasonOf } from "../run/file_system.ts";
import { readJson, writeJson } from "./json_file.ts";
import { labelFields, names, plan } from "./manifest_schemas.ts";

const FORMAT = 1;
const FILE = "model.json";
/** Along each axis; so that a file from elsewhere cannot ask for more than any memory has. */
const LARGEST_PATCH = 1024;
/** The network itself is checked by `resolveConfig`. */
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
      items: { type: "integer", minimum: 16, maximum: LARGEST_PATCH, multipleOf: 16 },
      minItems: 3,
      maxItems: 3,
    },
    mirrorAxes: { type: "array", items: { enum: [0, 1, 2] }, uniqueItems: true },
    training: {
      type: "object",
      required: ["dataset", "fold"],
      properties: {
        dataset: { type: "string" },
        fold: { anyOf: [{ type: "integer", minimum: 0 }, { const: "all" }] },
      },
    },
    metrics: { type: "object", additionalProperties: { type: "number" } },
    provenance: {
      type: "object",
      properties: {
        software: { type: "object", additionalProperties: { type: "string" } },
        seed: { type: "integer", minimum: 0 },
        inputs: {
          type: "object",
          additionalProperties: { type: "array", items: { type: "string" } },
        },
        precision: { const: "mixed" },
      },
    },
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
  /**
   * The axes along which it was trained on mirrored patches too, so that predictions may be averaged over
   * them: 0 is D, 1 is H, 2 is W. Not known if left out.
   */
  mirrorAxes?: number[];
  /** Where it comes from: name of the data set and the parameters of its training. */
  training: { dataset: string; fold: number | "all"; parameters: unknown };
  /** Numbers of its validation by name, as far as they are known. */
  metrics?: Record<string, number>;
  /** What it was made from; nothing in it depends on when or where. */
  provenance?: ModelProvenance;
}

/** What a model was made from. */
export interface ModelProvenance {
  /** Packages and their versions. */
  software: Record<string, string>;
  /** The seed of its weights and of everything that was drawn. */
  seed: number;
  /** Content digests of the inputs of its training: `volumes`, `splits`, and `init` if it had parents. */
  inputs: { [port: string]: readonly string[] };
  /** What products were computed in at the end of its training; float32 if left out. */
  precision?: "mixed";
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
  checkNetwork(description.network, path);
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
  const { length } = description.plan.normalization;
  if (length !== channelNames.length) {
    throw new SyntaxError(
      `Cannot read a model from '${path}': expected a normalization for each of ${channelNames.length} ` +
        `channels, found ${length}`,
    );
  }
  checkLabels(description, path);
  return description;
}

function checkNetwork(network: MedNeXtConfig, path: string): void {
  const attempt = `Cannot read a model from '${path}'`;
  try {
    if (resolveConfig(network).dimensions === 3) return;
  } catch (cause) {
    throw new SyntaxError(`${attempt}: ${reasonOf(cause)}`, { cause });
  }
  throw new SyntaxError(`${attempt}: expected a network of 3 dimensions, found one of 2`);
}
