import { createHash } from "node:crypto";
import { relative, resolve, SEPARATOR } from "@std/path";
import type { StatCache } from "./stat_cache.ts";

/** `sha256:` and 64 hexadecimal digits. */
export type Digest = string;

/** Whether a value is a digest, and so can be a part of a path. */
export function isDigest(value: unknown): value is Digest {
  return typeof value === "string" && /^sha256:[0-9a-f]{64}$/.test(value);
}

/** A file inside of a folder that has been listed. */
export interface ListedFile {
  /** Relative to the folder, with `/`. */
  readonly name: string;
  /** Absolute path of the file itself. */
  readonly path: string;
}

/** The sha256 of a text. */
export function digestText(text: string): Digest {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

/**
 * The digest of a file or of a folder, by content. Files are read in pieces, so memory stays
 * bounded.
 *
 * A folder's digest is the sha256 of its sorted list of names and file digests; empty folders,
 * times and permissions do not count. Symbolic links are followed as long as they stay inside of
 * the folder.
 *
 * @param path Absolute path of a file or folder.
 * @param cache Digests of files that have not changed since.
 * @returns The digest.
 * @throws {TypeError} If a symbolic link leads out of the folder.
 */
export async function digestPath(path: string, cache: StatCache): Promise<Digest> {
  const { isDirectory } = await Deno.stat(path);
  if (!isDirectory) return await digestFile(path, cache);
  const hash = createHash("sha256").update("folder\n");
  for (const file of await listFiles(path)) {
    hash.update(`${JSON.stringify(file.name)} ${await digestFile(file.path, cache)}\n`);
  }
  return `sha256:${hash.digest("hex")}`;
}

/** The digest of one file. */
export async function digestFile(path: string, cache: StatCache): Promise<Digest> {
  const before = await Deno.stat(path);
  const known = cache.get(path, before);
  if (known !== undefined) return known;
  const hash = createHash("sha256");
  using file = await Deno.open(path);
  const buffer = new Uint8Array(1 << 20);
  for (let read = await file.read(buffer); read !== null; read = await file.read(buffer)) {
    hash.update(buffer.subarray(0, read));
  }
  const digest = `sha256:${hash.digest("hex")}`;
  cache.put(path, before, digest);
  return digest;
}

/**
 * Lists every file below a folder, sorted by name.
 *
 * @param folder Absolute path.
 * @returns The files.
 * @throws {TypeError} If a symbolic link leads out of the folder or back up.
 */
export async function listFiles(folder: string): Promise<ListedFile[]> {
  const root = await Deno.realPath(folder);
  const files: ListedFile[] = [];
  const walk = async (directory: string, prefix: string, above: readonly string[]) => {
    for await (const entry of Deno.readDir(directory)) {
      const path = resolve(directory, entry.name);
      const name = prefix + entry.name;
      const real = entry.isSymlink ? await followLink(path, root, above) : path;
      const isDirectory = entry.isSymlink ? (await Deno.stat(real)).isDirectory : entry.isDirectory;
      if (isDirectory) await walk(real, `${name}/`, [...above, real]);
      else files.push({ name, path: real });
    }
  };
  await walk(root, "", [root]);
  return files.sort((a, b) => a.name < b.name ? -1 : 1);
}

/**
 * Refuses symbolic links below a path: what they lead to may change or go away.
 *
 * @param path A file or folder.
 * @throws {TypeError} If there is one.
 */
export async function refuseLinks(path: string): Promise<void> {
  const { isSymlink, isDirectory } = await Deno.lstat(path);
  if (isSymlink) throw new TypeError(`Cannot keep the output ${path}: it is a symbolic link`);
  if (!isDirectory) return;
  for await (const { name } of Deno.readDir(path)) await refuseLinks(resolve(path, name));
}

async function followLink(path: string, root: string, above: readonly string[]): Promise<string> {
  let real: string;
  try {
    real = await Deno.realPath(path);
  } catch (error) {
    throw new TypeError(`Cannot follow the symbolic link ${path}: it leads nowhere`, {
      cause: error,
    });
  }
  if (!isInside(real, root)) {
    throw new TypeError(`Cannot follow the symbolic link ${path}: it leads out of ${root}`);
  }
  if (above.includes(real)) {
    throw new TypeError(`Cannot follow the symbolic link ${path}: it leads back to ${real}`);
  }
  return real;
}

/** Whether a path is the folder or lies below it. */
export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === "" || way !== ".." && !way.startsWith(`..${SEPARATOR}`) && resolve(way) !== way;
}
