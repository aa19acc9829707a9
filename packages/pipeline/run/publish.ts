import { join } from "@std/path";
import type { BoundInstance } from "../graph/bind.ts";
import type { Pipeline } from "../graph/parse.ts";
import { type Digest, digestFile, isInside, listFiles } from "./digest.ts";
import { copyAtomic, type FileSystem, removeIfThere, writeAtomic, writing } from "./file_system.ts";
import { publishedPath } from "./plan.ts";
import type { Store } from "./store.ts";

/** Target -> files that were published there. */
type Published = Record<string, string[]>;

/**
 * Copies an instance's published outputs to where people look for them. Each file appears at once
 * and whole; a file that is already right is left alone; files that an earlier result had and this
 * one has not are removed; files of others in the same folder stay.
 *
 * The outputs of a stage that repeats go into a folder of their own, named after the coordinates:
 * `results/fold=2`.
 *
 * @param instance The instance.
 * @param options The pipeline, the digests of the outputs and where they are.
 */
export async function publish(
  instance: BoundInstance,
  options: {
    pipeline: Pipeline;
    store: Store;
    files: FileSystem;
    out: Readonly<Record<string, Digest>>;
  },
): Promise<void> {
  const { pipeline, store, files, out } = options;
  const { publish: ports } = pipeline.spec.stages[instance.stage];
  const coordinates = Object.entries(instance.coordinates);
  const suffix = coordinates.map(([axis, value]) => `${axis}=${value}`).join(",");
  for (const [port, path] of Object.entries(ports)) {
    const target = join(publishedPath(pipeline, path), suffix);
    const object = store.objectPath(out[port]);
    const isFolder = (await Deno.stat(object)).isDirectory;
    const list = isFolder ? await listFiles(object) : [{ name: "", path: object }];
    for (const file of list) {
      const to = file.name === "" ? target : join(target, file.name);
      const [is, should] = [
        await digestIfThere(to, store),
        await digestFile(file.path, store.cache),
      ];
      if (is !== should) await copyAtomic(files, file.path, to);
    }
    await removeOld(target, list.map(({ name }) => name), { store, files });
  }
}

async function digestIfThere(path: string, store: Store): Promise<Digest | undefined> {
  try {
    return await digestFile(path, store.cache);
  } catch {
    return undefined;
  }
}

/** Removes what an earlier result had published there, and remembers what is there now. */
async function removeOld(
  target: string,
  names: string[],
  { store, files }: { store: Store; files: FileSystem },
): Promise<void> {
  const register = join(store.folder, "published.json");
  const published = await readPublished(register);
  const before = Object.hasOwn(published, target) ? published[target] : [];
  if (JSON.stringify(before) === JSON.stringify(names)) return;
  for (const name of before) {
    const old = join(target, name);
    // The register is a file like any other: only what lies below the target is taken away.
    if (name === "" || names.includes(name) || !isInside(old, target)) continue;
    await writing(old, () => removeIfThere(old));
  }
  await writeAtomic(files, register, JSON.stringify({ ...published, [target]: names }, null, 2));
}

async function readPublished(path: string): Promise<Published> {
  try {
    return JSON.parse(await Deno.readTextFile(path));
  } catch {
    return {};
  }
}
