/**
 * The best weights of a training, in the scratch folder of its stage.
 *
 * They lie in a file that is named by the epoch, which the checkpoint names. So whatever is on the disk after a
 * crash, the weights that a checkpoint names are those of that epoch.
 * @module
 */
import {
  loadStateDict,
  type MedNeXt,
  readSafetensors,
  stateDict,
  writeSafetensors,
} from "@mednext/mednext";
import { join } from "@std/path";
import { reasonOf, removeIfThere, writing } from "../run/file_system.ts";

const NAME = /^best_epoch_(\d+)\.safetensors$/;

function pathOf(folder: string, epoch: number): string {
  return join(folder, `best_epoch_${epoch}.safetensors`);
}

/** Writes the weights of a model as the best, those of an epoch. */
export async function writeBestWeights(
  folder: string,
  { model, epoch }: { model: MedNeXt; epoch: number },
): Promise<void> {
  const path = pathOf(folder, epoch);
  await writing(path, async () => {
    await Deno.writeFile(`${path}.part`, writeSafetensors(stateDict(model)));
    await Deno.rename(`${path}.part`, path);
  });
}

/** Removes the weights of all epochs but one, once the checkpoint names that one. */
export async function forgetOtherWeights(folder: string, epoch: number): Promise<void> {
  for await (const { name } of Deno.readDir(folder)) {
    const found = NAME.exec(name)?.[1];
    if (found !== undefined && Number(found) !== epoch) await removeIfThere(join(folder, name));
  }
}

/** Gives a model the weights of an epoch that were written as the best. */
export async function loadBestWeights(
  folder: string,
  { model, epoch }: { model: MedNeXt; epoch: number },
): Promise<void> {
  const path = pathOf(folder, epoch);
  try {
    loadStateDict(model, readSafetensors(await Deno.readFile(path)));
  } catch (cause) {
    throw new Error(`Cannot read the best weights from '${path}': ${reasonOf(cause)}`, { cause });
  }
}
