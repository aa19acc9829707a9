import { dirname, join } from "@std/path";
import { type Digest, digestPath, isDigest, refuseLinks } from "./digest.ts";
import { exists, type FileSystem, removeIfThere, writeAtomic, writing } from "./file_system.ts";
import type { KeyFields } from "./key.ts";
import { openStatCache, type StatCache } from "./stat_cache.ts";

/** What a finished instance left behind. */
export interface RunRecord {
  /** What it was made from. */
  readonly fields: KeyFields;
  /** Output port -> digest. */
  readonly out: Readonly<Record<string, Digest>>;
  /** The numbers it summarised. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** The content-addressed store in `.mednext/`. */
export interface Store {
  /** The folder of the store. */
  readonly folder: string;
  /** Digests of files seen before. */
  readonly cache: StatCache;
  /** Where the object of a digest is. */
  objectPath(digest: Digest): string;
  /** Whether the object is there and undamaged. */
  verify(digest: Digest): Promise<"there" | "missing" | "damaged">;
  /** Moves a finished output into the store. */
  commit(path: string): Promise<Digest>;
  /** What is known of a key. */
  readRun(key: string): Promise<RunRecord | undefined>;
  /** Records a finished instance. */
  writeRun(key: string, record: RunRecord): Promise<void>;
  /** Folder that belongs to a key: `scratch`, `staging`, `locks`. */
  place(kind: "scratch" | "staging" | "locks", key: string): string;
}

/** Opens the store in `folder`, which is made on the first write. */
export async function openStore(folder: string, files: FileSystem): Promise<Store> {
  const cache = await openStatCache(files, join(folder, "stat.json"));
  const objectPath = (digest: Digest) => {
    if (!isDigest(digest)) {
      throw new TypeError(`Cannot find the object ${digest}: it is no digest`);
    }
    const [algorithm, digits] = digest.split(":");
    return join(folder, "objects", algorithm, digits.slice(0, 2), digits.slice(2));
  };
  const verify = async (digest: Digest) => {
    const path = objectPath(digest);
    if (!await exists(path)) return "missing";
    const found = await digestPath(path, cache).catch(() => undefined);
    return found === digest ? "there" : "damaged";
  };
  return {
    folder,
    cache,
    objectPath,
    verify,
    async commit(path) {
      await refuseLinks(path);
      const digest = await digestPath(path, cache);
      const target = objectPath(digest);
      if (await verify(digest) === "there") return digest;
      await writing(target, async () => {
        await removeIfThere(target);
        await files.mkdir(dirname(target));
        await files.rename(path, target);
      });
      return digest;
    },
    readRun: (key) => readRun(join(folder, "runs", `${key}.json`)),
    writeRun: (key, record) =>
      writeAtomic(files, join(folder, "runs", `${key}.json`), JSON.stringify(record, null, 2)),
    place: (kind, key) => join(folder, kind, key),
  };
}

/** Reads a record; one that is damaged counts as absent. */
async function readRun(path: string): Promise<RunRecord | undefined> {
  try {
    const record = JSON.parse(await Deno.readTextFile(path));
    return Object.values(record.out).every(isDigest) ? record : undefined;
  } catch {
    return undefined;
  }
}
