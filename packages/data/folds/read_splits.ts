import { asList, asObject, asText } from "../dataset/json_check.ts";
import { readFileWithin } from "../files/read_file_within.ts";
import type { Split } from "../folds.ts";

/** A larger file of splits is refused before it is parsed. */
const LARGEST_JSON = 64 * 2 ** 20;

/**
 * Reads splits in the layout of nnU-Net's `splits_final.json`: a list of `{ train, val }`.
 *
 * @example
 * ```ts
 * import { kFolds, readSplits, writeSplits } from "@mednext/data";
 * import { assertEquals } from "@std/assert";
 *
 * const file = `${await Deno.makeTempDir()}/splits_final.json`;
 * const splits = kFolds(["a", "b", "c", "d", "e", "f"]);
 * await writeSplits(file, splits);
 * assertEquals(await readSplits(file), splits);
 * ```
 *
 * @param path The file.
 * @returns The splits, in order.
 * @throws {Error} If the file cannot be read.
 * @throws {SyntaxError} If it is no JSON, or no list of splits, or a case trains and validates in
 * the same split; every problem is listed.
 */
export async function readSplits(path: string): Promise<Split[]> {
  const text = new TextDecoder().decode(await readFileWithin(path, LARGEST_JSON));
  const problems: string[] = [];
  const splits = parse(text, problems);
  if (problems.length > 0) {
    throw new SyntaxError(
      `Cannot read the splits in '${path}':\n${problems.map((p) => `  ${p}`).join("\n")}`,
    );
  }
  return splits;
}

function parse(text: string, problems: string[]): Split[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    problems.push(`expected JSON: ${(error as Error).message}`);
    return [];
  }
  return (asList(json, "$", problems) ?? []).map((entry, i) => {
    const record = asObject(entry, `$[${i}]`, problems);
    if (!record) return { train: [], val: [] };
    const ids = (key: string) =>
      (asList(record[key], `$[${i}].${key}`, problems) ?? [])
        .map((id, j) => asText(id, `$[${i}].${key}[${j}]`, problems) ?? "");
    const split = { train: ids("train"), val: ids("val") };
    const train = new Set(split.train);
    for (const id of split.val) {
      if (train.has(id)) problems.push(`$[${i}]: the case "${id}" is in train and in val`);
    }
    return split;
  });
}
