/**
 * An unfinished training, in the scratch folder of its stage.
 * @module
 */
import { createHash } from "node:crypto";
import {
  readSafetensors,
  readSafetensorsMetadata,
  type StateDict,
  writeSafetensors,
} from "@mednext/mednext";
import { exportFitState, type FitSnapshot, type FitState, importFitState } from "@mednext/segment";
import { join } from "@std/path";
import { exists, reasonOf, removeIfThere, writing } from "../run/file_system.ts";
import type { TrainingHistory } from "./training_history.ts";

const FILE = "checkpoint.safetensors";

/** Writes the checkpoint; the one before stays until the new one is whole and on the disk. */
export async function writeCheckpoint(
  folder: string,
  { state, history }: { state: FitState; history: TrainingHistory },
): Promise<void> {
  const { tensors, json } = await exportFitState(state);
  const texts = { fit: JSON.stringify(json), history: JSON.stringify(history) };
  const bytes = writeSafetensors(tensors, { ...texts, digest: digestOf(tensors, texts) });
  const path = join(folder, FILE);
  const part = `${path}.part`;
  await writing(path, async () => {
    try {
      await writeThrough(part, bytes);
      await Deno.rename(part, path);
    } catch (error) {
      await removeIfThere(part).catch(() => {});
      throw error;
    }
  });
}

/**
 * Takes a training up where its checkpoint left it; undefined where there is none. A checkpoint
 * that is damaged is as good as none: the same training from its start gives the same bytes.
 */
export async function restoreCheckpoint(
  folder: string,
  { state, log }: { state: FitState; log: (line: string) => void },
): Promise<TrainingHistory | undefined> {
  const path = join(folder, FILE);
  if (!await exists(path)) return undefined;
  const bytes = await Deno.readFile(path);
  try {
    const { fit = "", history = "", digest } = readSafetensorsMetadata(bytes);
    const tensors = readSafetensors(bytes);
    if (digestOf(tensors, { fit, history }) !== digest) throw new Error("its digest is another");
    const json: FitSnapshot["json"] = JSON.parse(fit);
    importFitState(state, { json, tensors });
    return JSON.parse(history);
  } catch (error) {
    log(`Cannot go on from the checkpoint '${path}': ${reasonOf(error)}; starting afresh`);
    return undefined;
  }
}

/** Waits until the bytes are on the disk, so that a rename cannot overtake them. */
async function writeThrough(path: string, bytes: Uint8Array): Promise<void> {
  using file = await Deno.open(path, { write: true, create: true, truncate: true });
  for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
  await file.sync();
}

/** The sha256 of everything that the checkpoint holds. */
function digestOf(tensors: StateDict, texts: { fit: string; history: string }): string {
  const hash = createHash("sha256").update(JSON.stringify([texts.fit, texts.history]));
  for (const name of [...tensors.keys()].sort()) {
    const { shape, data } = tensors.get(name)!;
    hash.update(JSON.stringify([name, shape]));
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest("hex");
}
