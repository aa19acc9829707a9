import { reasonOf } from "../files/read_file_within.ts";
import { registerCodecs } from "./codecs.ts";
import { type FileStore, openFileStore } from "./file_store.ts";
import { openZipStore } from "./zip_store.ts";

/** Opens a store for reading, a folder or a zip file, with the codecs in place. */
export async function openStore(path: string, maxBytes: number): Promise<FileStore> {
  registerCodecs();
  let isFolder: boolean;
  try {
    isFolder = (await Deno.stat(path)).isDirectory;
  } catch (cause) {
    throw new Error(`Cannot read '${path}' as Zarr: ${reasonOf(cause)}`, { cause });
  }
  if (isFolder) return await openFileStore(path, maxBytes);
  if (await isZip(path)) return await openZipStore(path, maxBytes);
  throw new Error(`Cannot read '${path}' as Zarr: expected a folder or a zip file, found neither`);
}

/** True for a file that starts as a zip file does. */
export async function isZip(path: string): Promise<boolean> {
  using file = await Deno.open(path);
  const start = new Uint8Array(4);
  return await file.read(start) === 4 && String.fromCharCode(...start) === "PK\x03\x04";
}
