import { reasonOf } from "../files/read_file_within.ts";
import { registerCodecs } from "./codecs.ts";
import { type FileStore, openFileStore } from "./file_store.ts";

/** Opens a store for reading, with the codecs in place. */
export async function openStore(path: string, maxBytes: number): Promise<FileStore> {
  registerCodecs();
  try {
    if (!(await Deno.stat(path)).isDirectory) throw new Error("it is not a folder");
  } catch (cause) {
    throw new Error(`Cannot read '${path}' as Zarr: ${reasonOf(cause)}`, { cause });
  }
  return await openFileStore(path, maxBytes);
}
