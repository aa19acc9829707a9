import { isAbsolute, join, SEPARATOR } from "@std/path";

/** A data set's folder: what lies in it, and whether paths stay inside it. */
export interface DatasetFolder {
  /** The folder as it was given. */
  path: string;
  /** The folder after links. */
  realPath: string;
}

/** Opens a folder. */
export async function openFolder(path: string): Promise<DatasetFolder> {
  return { path, realPath: await Deno.realPath(path) };
}

/**
 * Joins an untrusted relative path to the folder; undefined and a problem if nothing lies there or
 * if it leads out of the folder, by itself or through links.
 */
export async function confine(
  folder: DatasetFolder,
  relative: string,
  { at, problems }: { at: string; problems: string[] },
): Promise<string | undefined> {
  const leaves = `${at}: expected a path inside the data set's folder, found "${relative}"`;
  if (isAbsolute(relative) || relative.split(/[\\/]/).includes("..") || relative.includes("\0")) {
    problems.push(leaves);
    return undefined;
  }
  const path = join(folder.path, relative);
  try {
    const real = await Deno.realPath(path);
    if (real.startsWith(folder.realPath + SEPARATOR)) return path;
    problems.push(`${leaves}, a link to the outside`);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory)) {
      throw error;
    }
    problems.push(`${at}: expected a file, found none at "${relative}"`);
  }
  return undefined;
}

/**
 * Names in a folder of the data set with one of the endings, sorted; none if there is no such
 * folder. Names that begin with a dot are left out: macOS strews `._` files.
 */
export async function listFolder(
  folder: DatasetFolder,
  name: string,
  endings: string[],
): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const entry of Deno.readDir(join(folder.path, name))) {
      const fits = endings.some((end) =>
        entry.name.endsWith(end) && entry.name.length > end.length
      );
      if (fits && !entry.name.startsWith(".")) names.push(entry.name);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return names.sort();
}
