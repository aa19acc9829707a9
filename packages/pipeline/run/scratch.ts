import { type FileSystem, removeIfThere, writing } from "./file_system.ts";

/** The scratch folder of a key. */
export interface Scratch {
  readonly path: string;
  /** Whether an earlier, unfinished run left something in it. */
  readonly resumed: boolean;
  /** Removes it. */
  remove(): Promise<void>;
}

/**
 * Opens the scratch folder of a key. It is named by the key, so a stage finds its own checkpoints
 * after a stop, a crash or a retry, and never those of other parameters.
 *
 * @param path Where it is.
 * @param options Whether the stage can resume; if not, the folder is emptied.
 */
export async function openScratch(
  path: string,
  { resumable, files }: { resumable: boolean; files: FileSystem },
): Promise<Scratch> {
  const remove = () => writing(path, () => removeIfThere(path));
  if (!resumable) await remove();
  await writing(path, () => files.mkdir(path));
  let resumed = false;
  for await (const _ of Deno.readDir(path)) resumed = true;
  return { path, resumed, remove };
}
