import { join } from "@std/path";
import { exists } from "../run/file_system.ts";

/** What a model's folder has. */
const FILE = "model.json";

/**
 * The folders of the models: a folder without a model stands for those in it, such as `fold=0`, `fold=1`, …
 *
 * @param paths Folders of models, or of such folders.
 * @returns Folders of models; a folder that has none in it either, as it is, for the reader to refuse.
 */
export async function modelFolders(paths: readonly string[]): Promise<string[]> {
  return (await Promise.all(paths.map(modelsAt))).flat();
}

async function modelsAt(path: string): Promise<string[]> {
  if (await exists(join(path, FILE))) return [path];
  const names = await Array.fromAsync(Deno.readDir(path), ({ name }) => name).catch(() => []);
  const inside = names.sort().map((name) => join(path, name));
  const has = await Promise.all(inside.map((folder) => exists(join(folder, FILE))));
  const found = inside.filter((_, i) => has[i]);
  return found.length > 0 ? found : [path];
}
