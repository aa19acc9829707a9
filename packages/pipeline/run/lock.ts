import { basename, join } from "@std/path";
import type { Pipeline } from "../graph/parse.ts";
import { type Digest, isDigest } from "./digest.ts";
import { exists, type FileSystem, writeAtomic } from "./file_system.ts";
import type { KeyFields } from "./key.ts";
import { lockFile } from "./key_lock.ts";

/** What the lock file says of one instance: no times, no names of machines, no paths. */
export interface LockEntry extends Omit<KeyFields, "format"> {
  /** The cache key. */
  readonly key: string;
  /** Version of the package that the stage came from, where one is known. */
  readonly version?: string;
  /** Output port -> digest. */
  readonly out: Readonly<Record<string, Digest>>;
  /** The numbers that the stage summarised. */
  readonly metrics?: Readonly<Record<string, number>>;
}

/** The lock file `NAME.lock.json` beside the YAML: what every instance was last made from. */
export interface Lock {
  /** Absolute path of the file. */
  readonly path: string;
  /** The entry of an instance. */
  get(id: string): LockEntry | undefined;
  /** Replaces the entry of an instance on disk, or removes those of instances not in `keep`. */
  update(
    change: { set?: Readonly<Record<string, LockEntry>>; keep?: ReadonlySet<string> },
  ): Promise<
    void
  >;
}

type Entries = Readonly<Record<string, LockEntry>>;

/**
 * Opens the lock file of a pipeline.
 *
 * @param pipeline The pipeline.
 * @param options Where to write, and the folder of the store.
 * @returns The lock file.
 * @throws {SyntaxError} If the file is no lock file.
 * @throws {Error} If it belongs to another pipeline file of the same folder.
 */
export async function openLock(
  pipeline: Pipeline,
  options: { files: FileSystem; store: string },
): Promise<Lock> {
  const path = join(pipeline.folder, `${pipeline.spec.name}.lock.json`);
  const owner = basename(pipeline.path);
  let entries = await read(path, owner);
  return {
    path,
    get: (id) => Object.hasOwn(entries, id) ? entries[id] : undefined,
    async update({ set = {}, keep }) {
      const guard = join(options.store, "locks", `${pipeline.spec.name}.lock.json`);
      using _ = await lockFile(guard);
      const merged = { ...await read(path, owner), ...set };
      const ids = Object.keys(merged).filter((id) => keep?.has(id) ?? true).sort();
      const sorted = Object.fromEntries(ids.map((id) => [id, merged[id]]));
      const text = JSON.stringify({ format: 1, pipeline: owner, instances: sorted }, null, 2);
      await writeAtomic(options.files, path, `${text}\n`);
      entries = sorted;
    },
  };
}

async function read(path: string, owner: string): Promise<Entries> {
  const content = await readLockFile(path);
  if (content === undefined) return {};
  const { pipeline: other, instances } = content;
  if (other !== owner && typeof other === "string" && await exists(join(path, "..", other))) {
    throw new Error(
      `Cannot use the lock file ${path} for ${owner}: it belongs to ${other}, ` +
        `which has the same name; give one of the two another name`,
    );
  }
  return instances;
}

/** What a lock file says, if it is one. */
export interface LockContent {
  /** Name of the pipeline file that it belongs to. */
  readonly pipeline: unknown;
  /** Instance -> entry. */
  readonly instances: Readonly<Record<string, LockEntry>>;
}

/**
 * Reads a lock file. It may come with a repository, so what it names in the store must be digests.
 *
 * @param path The file.
 * @param options Whether the file may be that of another program.
 * @returns What it says; undefined if there is no such file, or if it is another program's.
 * @throws {SyntaxError} If it is no lock file of this format.
 */
export async function readLockFile(
  path: string,
  options: { mayBeForeign?: boolean } = {},
): Promise<LockContent | undefined> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  const fail = (reason: string) =>
    new SyntaxError(`Cannot read the lock file ${path}: ${reason} (remove it to start afresh)`);
  let content;
  try {
    content = JSON.parse(text);
  } catch {
    throw fail("must be JSON");
  }
  if (options.mayBeForeign && content?.format !== 1) return undefined;
  if (content?.format !== 1 || !isObject(content.instances)) {
    throw fail(`must have "format": 1 and "instances"`);
  }
  for (const [id, entry] of Object.entries(content.instances)) {
    const isEntry = isObject(entry) && typeof entry.key === "string" && isObject(entry.out) &&
      Object.values(entry.out).every(isDigest);
    if (!isEntry) throw fail(`the instance ${JSON.stringify(id)} must have a key and digests`);
  }
  return content;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
