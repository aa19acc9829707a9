import { basename, dirname, join } from "@std/path";
import { reasonOf } from "./read_file_within.ts";

/**
 * Writes a file under a temporary name beside its own and renames it, so that nobody ever sees half
 * of it; on failure the temporary file is gone and a file of before is untouched.
 */
export async function writeFileAtomic(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = temporaryName(path);
  try {
    await Deno.writeFile(temporary, bytes, { createNew: true });
    await Deno.rename(temporary, path);
  } catch (cause) {
    await Deno.remove(temporary).catch(() => {});
    throw new Error(`Cannot write '${path}': ${reasonOf(cause)}`, { cause });
  }
}

/** A name in the same folder that nothing else has. */
export function temporaryName(path: string): string {
  return join(dirname(path), `.${basename(path)}.${crypto.randomUUID()}.tmp`);
}
