/**
 * JSON files of the pipeline's artifacts.
 * @module
 */

/** Writes a value as indented JSON with a final newline. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  await Deno.writeTextFile(path, JSON.stringify(value, null, 2) + "\n");
}

/**
 * Reads a JSON file whose `format` must be the one that this version writes.
 *
 * @throws {Error} If the file is not there, is no JSON or has another format.
 */
export async function readJson<T extends { format: number }>(
  path: string,
  { format, what }: { format: T["format"]; what: string },
): Promise<T> {
  const text = await Deno.readTextFile(path).catch((cause) => {
    throw new Error(`Cannot read ${what} from '${path}': ${reason(cause)}`, { cause });
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SyntaxError(`Cannot read ${what} from '${path}': ${reason(cause)}`, { cause });
  }
  const found = (value as { format?: unknown } | null)?.format;
  if (found !== format) {
    throw new SyntaxError(
      `Cannot read ${what} from '${path}': expected format ${format}, found ${
        JSON.stringify(found)
      }`,
    );
  }
  return value as T;
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
