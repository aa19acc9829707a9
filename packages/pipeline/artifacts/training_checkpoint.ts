/**
 * An unfinished training, in the scratch folder of its stage.
 * @module
 */
import { readSafetensors, readSafetensorsMetadata, writeSafetensors } from "@mednext/mednext";
import { exportFitState, type FitSnapshot, type FitState, importFitState } from "@mednext/segment";
import { join } from "@std/path";

const FILE = "checkpoint.safetensors";

/** What a training has told about itself so far. */
export interface TrainingHistory {
  /** One entry for each whole epoch. */
  epochs: { epoch: number; loss: number; learningRate: number }[];
  /** The losses of the epoch under way. */
  losses: number[];
}

/** Writes the checkpoint; the one before stays until the new one is whole. */
export async function writeCheckpoint(
  folder: string,
  { state, history }: { state: FitState; history: TrainingHistory },
): Promise<void> {
  const { tensors, json } = await exportFitState(state);
  const bytes = writeSafetensors(tensors, {
    fit: JSON.stringify(json),
    history: JSON.stringify(history),
  });
  const path = join(folder, FILE);
  await Deno.writeFile(`${path}.part`, bytes);
  await Deno.rename(`${path}.part`, path);
}

/** Takes a training up where its checkpoint left it; undefined where there is none. */
export async function restoreCheckpoint(
  folder: string,
  state: FitState,
): Promise<TrainingHistory | undefined> {
  const bytes = await Deno.readFile(join(folder, FILE)).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  });
  if (!bytes) return undefined;
  const { fit, history } = readSafetensorsMetadata(bytes);
  const json: FitSnapshot["json"] = JSON.parse(fit);
  importFitState(state, { json, tensors: readSafetensors(bytes) });
  return JSON.parse(history);
}
