import { join } from "@std/path";
import type { Pipeline } from "../graph/parse.ts";
import { exists, removeIfThere } from "./file_system.ts";
import { lockFile } from "./key_lock.ts";
import { type LockEntry, readLockFile } from "./lock.ts";

/** What was removed. */
export interface Garbage {
  /** Relative to the store. */
  readonly paths: readonly string[];
  readonly bytes: number;
}

/**
 * Removes from the store what no lock file beside the pipeline names: objects, records, and what
 * crashed runs left behind. Checkpoints of unfinished runs stay unless asked for.
 *
 * @param pipeline The pipeline; lock files of all pipelines of its folder count.
 * @param options What to remove.
 * @returns What was removed, or would be.
 */
export async function collectGarbage(
  pipeline: Pipeline,
  options: { dryRun?: boolean; scratch?: boolean } = {},
): Promise<Garbage> {
  const store = join(pipeline.folder, ".mednext");
  if (!await exists(store)) return { paths: [], bytes: 0 };
  using _ = await lockFile(join(store, "locks", "store")); // waits until no run uses the store
  const entries = await lockedEntries(pipeline.folder);
  const runs = new Set(entries.map(({ key }) => `${key}.json`));
  const digests = new Set(entries.flatMap(({ out }) => Object.values(out)));
  const paths: string[] = [];
  for (const name of await list(join(store, "runs"))) {
    if (!runs.has(name)) paths.push(join("runs", name));
  }
  for (const first of await list(join(store, "objects", "sha256"))) {
    for (const rest of await list(join(store, "objects", "sha256", first))) {
      if (!digests.has(`sha256:${first}${rest}`)) {
        paths.push(join("objects", "sha256", first, rest));
      }
    }
  }
  for (const name of await list(join(store, "staging"))) paths.push(join("staging", name));
  for (const name of await list(store)) if (name.endsWith(".tmp")) paths.push(name);
  for (const name of options.scratch ? await list(join(store, "scratch")) : []) {
    paths.push(join("scratch", name));
  }
  let bytes = 0;
  for (const path of paths) {
    bytes += await sizeOf(join(store, path));
    if (!options.dryRun) await removeIfThere(join(store, path));
  }
  return { paths, bytes };
}

async function lockedEntries(folder: string): Promise<LockEntry[]> {
  const entries: LockEntry[] = [];
  for (const name of await list(folder)) {
    if (!name.endsWith(".lock.json")) continue;
    // One that cannot be read may name any object: then nothing is to be removed.
    const content = await readLockFile(join(folder, name), { mayBeForeign: true });
    entries.push(...Object.values(content?.instances ?? {}));
  }
  return entries;
}

async function list(folder: string): Promise<string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
  } catch {
    return [];
  }
}

async function sizeOf(path: string): Promise<number> {
  const { isDirectory, size } = await Deno.lstat(path);
  if (!isDirectory) return size;
  let bytes = 0;
  for (const name of await list(path)) bytes += await sizeOf(join(path, name));
  return bytes;
}
