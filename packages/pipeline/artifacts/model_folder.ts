/**
 * The `model` artifact: all that is needed to use a network, and no code.
 *
 *     model.json             what it is, see model_description.ts
 *     MODEL.md               the same for people
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
  parameterCount,
  readSafetensors,
  type StateDict,
  stateDict,
  writeSafetensors,
} from "@mednext/mednext";
import { join } from "@std/path";
import { reasonOf } from "../run/file_system.ts";
import { modelCard } from "./model_card.ts";
import {
  type ModelDescription,
  readModelDescription,
  writeModelDescription,
} from "./model_description.ts";

const WEIGHTS = "weights.safetensors";
/** A larger file is refused before it is read: MedNeXt L has 63 million weights of four bytes. */
const LARGEST_WEIGHTS = 4 * 2 ** 30;
/** What a checkpoint of the release holds beside its weights. */
const DUMMY = "dummy_tensor";

/** Writes the description and the weights. */
export async function writeModelFolder(
  folder: string,
  { description, model }: { description: Omit<ModelDescription, "format">; model: MedNeXt },
): Promise<void> {
  await writeModelDescription(folder, description);
  await Deno.writeTextFile(join(folder, "MODEL.md"), modelCard(description));
  await Deno.writeFile(join(folder, WEIGHTS), writeSafetensors(stateDict(model)));
}

/** Reads the weights. */
export async function readWeights(folder: string): Promise<StateDict> {
  const path = join(folder, WEIGHTS);
  try {
    const { size } = await Deno.stat(path);
    if (size > LARGEST_WEIGHTS) {
      throw new RangeError(`expected at most ${LARGEST_WEIGHTS} bytes, found ${size}`);
    }
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
    // Before the network is made: its size is what the description claims, which may be anything.
    checkCount(weights, parameterCount(description.network));
    model = createMedNeXt(description.network);
    loadStateDict(model, weights);
  } catch (cause) {
    model?.dispose();
    throw new Error(`Cannot load the model in '${folder}': ${reasonOf(cause)}`, { cause });
  }
  return { model, description };
}

function checkCount(weights: StateDict, expected: number): void {
  let found = 0;
  for (const [name, { data }] of weights) if (name !== DUMMY) found += data.length;
  if (found === expected) return;
  throw new RangeError(`expected ${expected} weights as model.json says, found ${found}`);
}
