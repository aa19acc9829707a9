import { dirname } from "@std/path";

/** The few writing operations that the runner needs; tests put failing ones in their place. */
export interface FileSystem {
  /** Makes a folder and those above it. */
  mkdir(path: string): Promise<void>;
  /** Writes a new file. */
  writeTextFile(path: string, text: string): Promise<void>;
  /** Copies one file. */
  copyFile(from: string, to: string): Promise<void>;
  /** Moves a file or folder within the file system. */
  rename(from: string, to: string): Promise<void>;
}

/** The disk. */
export const disk: FileSystem = {
  mkdir: (path) => Deno.mkdir(path, { recursive: true }),
  writeTextFile: (path, text) => Deno.writeTextFile(path, text),
  copyFile: (from, to) => Deno.copyFile(from, to),
  rename: (from, to) => Deno.rename(from, to),
};

/** A disk that refused to write. */
export class WriteError extends Error {
  /** The name of this class. */
  override name = "WriteError";
  /** What could not be written. */
  readonly path: string;

  /**
   * Makes the error.
   *
   * @param path What could not be written.
   * @param cause Why.
   */
  constructor(path: string, cause: unknown) {
    super(`Cannot write ${path}: ${reasonOf(cause)}`, { cause });
    this.path = path;
  }
}

const reasons: Record<string, string> = {
  ENOENT: "no such file or folder",
  ENOSPC: "no space is left on the device",
  EDQUOT: "the disk quota is used up",
  EROFS: "the file system is read-only",
  EACCES: "permission denied",
  EPERM: "permission denied",
  ENOTDIR: "a file stands where a folder should be",
  EEXIST: "a file stands where a folder should be",
  EISDIR: "a folder stands where a file should be",
  ENOTEMPTY: "a folder that is not empty stands in its place",
};

/** Why an operation failed, in a few words that are the same on every system. */
export function reasonOf(cause: unknown): string {
  const { code, message } = cause as { code?: string; message?: string };
  if (code !== undefined && code in reasons) return reasons[code];
  return (message ?? String(cause)).replace(/ \(os error \d+\).*$/s, "");
}

/** Runs a write and says, when it fails, what could not be written. */
export async function writing<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw error instanceof WriteError ? error : new WriteError(path, error);
  }
}

/** Makes the file appear at once and whole: writes beside it, then renames. */
export async function writeAtomic(files: FileSystem, path: string, text: string): Promise<void> {
  await appear(files, path, (temporary) => files.writeTextFile(temporary, text));
}

/** Copies a file so that it appears at once and whole. */
export async function copyAtomic(files: FileSystem, from: string, to: string): Promise<void> {
  await appear(files, to, (temporary) => files.copyFile(from, temporary));
}

async function appear(files: FileSystem, path: string, write: (at: string) => Promise<void>) {
  const temporary = `${path}.${crypto.randomUUID().slice(0, 8)}.tmp`;
  await writing(path, async () => {
    try {
      await files.mkdir(dirname(path));
      await write(temporary);
      await files.rename(temporary, path);
    } catch (error) {
      await removeIfThere(temporary).catch(() => {});
      throw error;
    }
  });
}

/** Removes a file or folder; fine if there is none. */
export async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    const { code } = error as { code?: string };
    if (!(error instanceof Deno.errors.NotFound) && code !== "ENOTDIR") throw error;
  }
}

/** Whether something is at the path. */
export async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch {
    return false;
  }
}
