/**
 * The `model` artifact: all that is needed to use a network, and no code.
 *
 *     model.json             the description below
 *     weights.safetensors    state dict under the names of the paper's release
 *     training_log.jsonl     one line for each epoch
 *     upkern_report.json     what was copied and what was resized, where UpKern began it
 *
 * @module
 */
import {
  createMedNeXt,
  loadStateDict,
  type MedNeXt,
  type MedNeXtConfig,
  readSafetensors,
  stateDict,
  writeSafetensors,
} from "@mednext/mednext";
import type { LabelName, PreprocessingPlan, Triple } from "@mednext/data";
import { join } from "@std/path";
import { readJson, writeJson } from "./json_file.ts";

const FORMAT = 1;

/** What a model is. */
export interface ModelDescription {
  /** Version of this layout. */
  format: 1;
  /** The architecture. */
  network: MedNeXtConfig;
  /** The labels; a class is the place of its label in this list. */
  labels: LabelName[];
  /** What each channel is. */
  channelNames: string[];
  /** How an image must be preprocessed. */
  plan: PreprocessingPlan;
  /** Patch that the network was trained on: voxels along D, H, W. */
  patchSize: Triple;
  /** Where it comes from: name of the data set and the parameters of its training. */
  training: { dataset: string; fold: number | "all"; parameters: unknown };
}

/** Writes the description and the weights. */
export async function writeModelFolder(
  folder: string,
  { description, model }: { description: Omit<ModelDescription, "format">; model: MedNeXt },
): Promise<void> {
  await writeJson(join(folder, "model.json"), { format: FORMAT, ...description });
  await Deno.writeFile(join(folder, "weights.safetensors"), writeSafetensors(stateDict(model)));
}

/** Reads the description. */
export function readModelDescription(folder: string): Promise<ModelDescription> {
  return readJson(join(folder, "model.json"), { format: FORMAT, what: "a model" });
}

/** Reads the weights. */
export async function readWeights(folder: string): Promise<ReturnType<typeof readSafetensors>> {
  return readSafetensors(await Deno.readFile(join(folder, "weights.safetensors")));
}

/** Builds the network with its weights; the caller disposes it. */
export async function loadModel(
  folder: string,
): Promise<{ model: MedNeXt; description: ModelDescription }> {
  const description = await readModelDescription(folder);
  const model = createMedNeXt(description.network);
  try {
    loadStateDict(model, await readWeights(folder));
  } catch (error) {
    model.dispose();
    throw error;
  }
  return { model, description };
}
