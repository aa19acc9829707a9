/** Reads a file of at most `maxBytes`; errors name the path and the reason. */
export async function readFileWithin(
  path: string,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  let size: number;
  try {
    const info = await Deno.stat(path);
    if (!info.isFile) throw new Error("it is not a file");
    size = info.size;
    if (size <= maxBytes) return await Deno.readFile(path);
  } catch (cause) {
    throw new Error(`Cannot read '${path}': ${reasonOf(cause)}`, { cause });
  }
  throw new RangeError(
    `Cannot read '${path}': expected a file of at most ${maxBytes} bytes, found ${size}`,
  );
}

/** Why a file could not be used, in a few words that are the same on every system. */
export function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "no such file or folder";
  if (error instanceof Deno.errors.PermissionDenied) return "permission denied";
  if (error instanceof Deno.errors.NotCapable) return "Deno was run without permission for it";
  if (error instanceof Deno.errors.NotADirectory) return "a part of the path is not a folder";
  return error instanceof Error ? error.message : String(error);
}
