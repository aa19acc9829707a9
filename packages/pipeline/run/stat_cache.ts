import { isDigest } from "./digest.ts";
import { type FileSystem, writeAtomic } from "./file_system.ts";

/** Digests of files that need not be read again: path -> [size, modified, inode, digest]. */
type Entries = Record<string, [number, number, number, string]>;

/** A file modified less than this long ago may change again without its time changing. */
const settledAfter = 2000;

/** Remembers the digests of files by path, size, time of modification and inode. */
export interface StatCache {
  /** The digest of a file, if it has not changed. */
  get(path: string, info: Deno.FileInfo): string | undefined;
  /** Remembers a digest, unless the file was modified just now. */
  put(path: string, info: Deno.FileInfo, digest: string): void;
  /** Writes the memory to disk. */
  save(): Promise<void>;
}

/** Remembers nothing: every file is read. */
export const noCache: StatCache = {
  get: () => undefined,
  put() {},
  save: () => Promise.resolve(),
};

/** Opens the cache that is stored at `path`. A damaged one counts as empty. */
export async function openStatCache(files: FileSystem, path: string): Promise<StatCache> {
  const entries = new Map(Object.entries(await read(path)));
  let changed = false;
  return {
    get(file, { size, mtime, ino }) {
      const entry = entries.get(file);
      if (entry === undefined || mtime === null) return undefined;
      const same = entry[0] === size && entry[1] === mtime.getTime() && entry[2] === (ino ?? 0);
      return same ? entry[3] : undefined;
    },
    put(file, { size, mtime, ino }, digest) {
      if (mtime === null || Date.now() - mtime.getTime() < settledAfter) return;
      entries.set(file, [size, mtime.getTime(), ino ?? 0, digest]);
      changed = true;
    },
    async save() {
      if (!changed) return;
      await writeAtomic(files, path, JSON.stringify(Object.fromEntries(entries)));
      changed = false;
    },
  };
}

async function read(path: string): Promise<Entries> {
  try {
    const entries = JSON.parse(await Deno.readTextFile(path));
    const valid = Object.entries<unknown>(entries).filter(([, entry]) =>
      Array.isArray(entry) && entry.length === 4 && isDigest(entry[3])
    );
    return Object.fromEntries(valid) as Entries;
  } catch {
    return {};
  }
}
