/**
 * The curves of a training, in its model and, while it runs, in its scratch folder.
 * @module
 */
import { join } from "@std/path";
import { progressPicture } from "./progress_picture.ts";
import type { EpochRecord } from "./training_history.ts";

/**
 * Writes `training_log.jsonl`, one line for each epoch, and `progress.png`.
 *
 * @param folder Where to.
 * @param options The epochs, and whether to write what the machine's speed decides: without it, the same training
 * gives the same bytes.
 */
export async function writeTrainingLog(
  folder: string,
  { epochs, timing }: { epochs: readonly EpochRecord[]; timing: boolean },
): Promise<void> {
  const lines = epochs.map((epoch) => JSON.stringify(timing ? epoch : withoutTiming(epoch)) + "\n");
  await Deno.writeTextFile(join(folder, "training_log.jsonl"), lines.join(""));
  await Deno.writeFile(join(folder, "progress.png"), progressPicture(epochs, { timing }));
}

function withoutTiming({ seconds: _, waited: __, ...rest }: EpochRecord): object {
  return rest;
}
