/**
 * The `model` artifact: all that is needed to use a network, and no code.
 *
 *     model.json             what it is, see model_description.ts
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
  readSafetensors,
  stateDict,
  writeSafetensors,
} from "@mednext/mednext";
import { join } from "@std/path";
import { reasonOf } from "../run/file_system.ts";
import {
  type ModelDescription,
  readModelDescription,
  writeModelDescription,
} from "./model_description.ts";

const WEIGHTS = "weights.safetensors";

/** Writes the description and the weights. */
export async function writeModelFolder(
  folder: string,
  { description, model }: { description: Omit<ModelDescription, "format">; model: MedNeXt },
): Promise<void> {
  await writeModelDescription(folder, description);
  await Deno.writeFile(join(folder, WEIGHTS), writeSafetensors(stateDict(model)));
}

/** Reads the weights. */
export async function readWeights(folder: string): Promise<ReturnType<typeof readSafetensors>> {
  const path = join(folder, WEIGHTS);
  try {
    return readSafetensors(await Deno.readFile(path));
  } catch (cause) {
    throw new Error(`Cannot read weights from '${path}': ${reasonOf(cause)}`, { cause });
  }
}

/** A network and what it is. */
export interface LoadedModel {
  /** The network with its weights. */
  model: MedNeXt;
  /** What it is. */
  description: ModelDescription;
}

/** Builds the network with its weights; the caller disposes it. */
export async function loadModel(folder: string): Promise<LoadedModel> {
  const description = await readModelDescription(folder);
  const weights = await readWeights(folder);
  let model: MedNeXt | undefined;
  try {
    model = createMedNeXt(description.network);
    loadStateDict(model, weights);
  } catch (cause) {
    model?.dispose();
    throw new Error(`Cannot load the model in '${folder}': ${reasonOf(cause)}`, { cause });
  }
  return { model, description };
}
