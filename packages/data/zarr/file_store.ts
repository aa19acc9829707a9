import { dirname, join, SEPARATOR } from "@std/path";
import { reasonOf } from "../files/read_file_within.ts";

/** Part of a file: from an offset, or from the end. */
type Range = { offset: number; length: number } | { suffixLength: number };

/** What zarrita reads and writes through. */
export interface FileStore {
  get(key: string): Promise<Uint8Array | undefined>;
  getRange(key: string, range: Range): Promise<Uint8Array | undefined>;
  set(key: string, value: Uint8Array): Promise<void>;
  /** Names of the folders at the root, sorted. */
  folders(): Promise<string[]>;
}

/**
 * The files below a folder. No key leads out of it: neither by `..` nor by a symbolic link, as what
 * a link leads to must lie in the folder too. A file of more than `maxBytes` is not read.
 */
export async function openFileStore(folder: string, maxBytes: number): Promise<FileStore> {
  const root = await Deno.realPath(folder);

  /** The real path of a key's file, or undefined when there is none. */
  async function locate(key: string): Promise<string | undefined> {
    const path = inside(root, key, folder);
    try {
      const real = await Deno.realPath(path);
      if (!real.startsWith(root.endsWith(SEPARATOR) ? root : root + SEPARATOR)) {
        throw new Error(
          `Cannot read '${key}' in '${folder}': expected a file in that folder, found a link out of it`,
        );
      }
      const info = await Deno.stat(real);
      if (!info.isFile) return undefined;
      if (info.size <= maxBytes) return real;
      throw new RangeError(
        `Cannot read '${key}' in '${folder}': expected a file of at most ${maxBytes} bytes, found ` +
          info.size,
      );
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      if (error instanceof Deno.errors.NotADirectory) return undefined;
      if (error instanceof Error && error.message.startsWith("Cannot read '")) throw error;
      throw new Error(`Cannot read '${key}' in '${folder}': ${reasonOf(error)}`, { cause: error });
    }
  }

  return {
    async get(key) {
      const path = await locate(key);
      return path === undefined ? undefined : await Deno.readFile(path);
    },
    async getRange(key, range) {
      const path = await locate(key);
      return path === undefined ? undefined : await readRange(path, range);
    },
    async set(key, value) {
      const path = inside(root, key, folder);
      await Deno.mkdir(dirname(path), { recursive: true });
      await Deno.writeFile(path, value, { createNew: true });
    },
    async folders() {
      const entries = await Array.fromAsync(Deno.readDir(root));
      return entries.filter(({ isFile }) => !isFile).map(({ name }) => name).sort();
    },
  };
}

function inside(root: string, key: string, folder: string): string {
  const parts = key.split("/").filter((part) => part !== "");
  if (parts.some((part) => part === "." || part === ".." || /[\\\0]/.test(part))) {
    throw new Error(
      `Cannot use the key '${key}' in '${folder}': expected plain names between slashes`,
    );
  }
  return join(root, ...parts);
}

async function readRange(path: string, range: Range): Promise<Uint8Array> {
  using file = await Deno.open(path);
  const { size } = await file.stat();
  const start = "suffixLength" in range ? Math.max(0, size - range.suffixLength) : range.offset;
  const length = "suffixLength" in range ? range.suffixLength : range.length;
  // Offsets come from the file too: never more is allocated than it holds.
  const bytes = new Uint8Array(Math.max(0, Math.min(length, size - start)));
  await file.seek(start, Deno.SeekMode.Start);
  let filled = 0;
  while (filled < bytes.length) {
    const read = await file.read(bytes.subarray(filled));
    if (read === null) break;
    filled += read;
  }
  return bytes.subarray(0, filled);
}
