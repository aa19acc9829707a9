import { temporaryName } from "../files/write_file_atomic.ts";

/** Puts a finished folder in the place of an older Zarr folder, or of nothing. */
export async function replaceFolder(finished: string, path: string): Promise<void> {
  if (!await exists(path)) return await Deno.rename(finished, path);
  const markers = ["zarr.json", ".zgroup", ".zarray"].map((marker) => exists(`${path}/${marker}`));
  if (!(await Promise.all(markers)).includes(true)) {
    throw new Error("something that is no Zarr folder has that name");
  }
  const old = temporaryName(path);
  await Deno.rename(path, old);
  try {
    await Deno.rename(finished, path);
  } catch (error) {
    await Deno.rename(old, path);
    throw error;
  }
  await Deno.remove(old, { recursive: true });
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
