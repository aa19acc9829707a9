/**
 * JSON files of the pipeline's artifacts. What is read may come from elsewhere, so it is checked in
 * full before anything is done with it.
 * @module
 */
import { checkAgainst } from "../graph/check.ts";
import { formatPath } from "../graph/locate.ts";
import { disk, reasonOf, writeAtomic } from "../run/file_system.ts";
import type { JsonSchema } from "../stage.ts";

/** A larger file is refused before it is parsed. */
const LARGEST_JSON = 64 * 2 ** 20;

/** How {@linkcode readJson} reads. */
export interface ReadJsonOptions {
  /** The `format` that this version writes. */
  format: number;
  /** What is read, for messages. */
  what: string;
  /** JSON Schema of the rest. */
  schema: JsonSchema;
}

/** Writes a value as indented JSON with a final newline; the file appears whole. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  await writeAtomic(disk, path, JSON.stringify(value, null, 2) + "\n");
}

/**
 * Reads a JSON file whose `format` must be the one that this version writes.
 *
 * @throws {Error} If the file is not there or too large.
 * @throws {SyntaxError} If it is no JSON, has another format or does not fit the schema; every
 * problem is listed.
 */
export async function readJson<T extends { format: number }>(
  path: string,
  { format, what, schema }: ReadJsonOptions,
): Promise<T> {
  const attempt = `Cannot read ${what} from '${path}'`;
  const value = parse(await readText(path, attempt), attempt);
  const found = (value as { format?: unknown } | null)?.format;
  if (found !== format) {
    throw new SyntaxError(
      `${attempt}: expected format ${format}, found ${JSON.stringify(found)}`,
    );
  }
  const problems = checkAgainst(schema, value).map(({ path, text }) =>
    path.length === 0 ? text : `${formatPath(path)}: ${text}`
  );
  if (problems.length > 0) throw new SyntaxError(`${attempt}: ${problems.join("; ")}`);
  return value as T;
}

async function readText(path: string, attempt: string): Promise<string> {
  try {
    const { size } = await Deno.stat(path);
    if (size <= LARGEST_JSON) return await Deno.readTextFile(path);
    throw new RangeError(`expected at most ${LARGEST_JSON} bytes, found ${size}`);
  } catch (cause) {
    throw new Error(`${attempt}: ${reasonOf(cause)}`, { cause });
  }
}

function parse(text: string, attempt: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SyntaxError(`${attempt}: ${reasonOf(cause)}`, { cause });
  }
}
