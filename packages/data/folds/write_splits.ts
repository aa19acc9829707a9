import { writeFileAtomic } from "../files/write_file_atomic.ts";
import type { Split } from "../folds.ts";

/**
 * Writes splits in the layout of nnU-Net's `splits_final.json`. The file appears whole or not at
 * all.
 *
 * @example
 * ```ts
 * import { kFolds, writeSplits } from "@mednext/data";
 * import { assertEquals } from "@std/assert";
 *
 * const file = `${await Deno.makeTempDir()}/splits_final.json`;
 * await writeSplits(file, kFolds(["a", "b"], { folds: 2 }));
 * assertEquals(JSON.parse(await Deno.readTextFile(file))[0], { train: ["a"], val: ["b"] });
 * ```
 *
 * @param path The file.
 * @param splits The splits, in order.
 * @throws {Error} If the file cannot be written.
 */
export async function writeSplits(path: string, splits: Split[]): Promise<void> {
  const text = JSON.stringify(splits.map(({ train, val }) => ({ train, val })), null, 4);
  await writeFileAtomic(path, new TextEncoder().encode(text + "\n"));
}
