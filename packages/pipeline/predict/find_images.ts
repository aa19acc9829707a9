/**
 * Which files make up the images that are to be segmented.
 * @module
 */
import { isCaseId, type TestCase } from "@mednext/data";
import { basename, join } from "@std/path";
import { exists, reasonOf } from "../run/file_system.ts";

export type { TestCase };

/** Endings of the files and folders that are taken from a folder. */
const ENDING = /(\.nii(\.gz)?|\.hdr|(\.ome)?\.zarr(\.zip)?)$/i;
/** What marks a folder as Zarr, whatever its name. */
const ZARR_MARKERS = ["zarr.json", ".zgroup", ".zarray"];
/** nnU-Net's name of one channel of an image. */
const CHANNEL = /^(.+)_(\d{4})$/;

/**
 * Finds images by the paths of files and folders: NIfTI (`.nii`, `.nii.gz`, `.hdr`) and Zarr (folders or zip
 * files), one for each image, or one for each channel by nnU-Net's names `ID_0000`, `ID_0001`, … An image is
 * named after its file, without `_0000` and ending. What lies in folders is taken by its ending, in
 * the order of the names; hidden files are passed over.
 *
 * @example
 * ```ts
 * import { findImages } from "@mednext/pipeline/find-images";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * for (const name of ["a_0000.nii.gz", "a_0001.nii.gz", "b.nii", "notes.txt"]) {
 *   await Deno.writeTextFile(`${folder}/${name}`, "");
 * }
 * assertEquals(await findImages([folder], { channelNames: ["T1", "T2"] }), [
 *   { id: "a", images: [`${folder}/a_0000.nii.gz`, `${folder}/a_0001.nii.gz`] },
 *   { id: "b", images: [`${folder}/b.nii`] }, // which must hold both channels
 * ]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 *
 * @param paths Files and folders.
 * @param options The channels of the model.
 * @returns The images; their files are not read.
 * @throws {Error} If a path is not there or a folder holds no images.
 * @throws {RangeError} If the channels of an image are not those of the model, or two images have one name.
 */
export async function findImages(
  paths: readonly string[],
  { channelNames }: { channelNames: readonly string[] },
): Promise<TestCase[]> {
  const files = (await Promise.all(paths.map(imagesAt))).flat();
  const byStem = files.map((path) => ({ path, stem: basename(path).replace(ENDING, "") }));
  const stems = new Set(byStem.map(({ stem }) => stem));
  // `scan_0007` is a channel only beside `scan_0000`; alone it is a name as any other.
  const idOf = (stem: string) => {
    const base = CHANNEL.exec(stem)?.[1];
    return base !== undefined && stems.has(`${base}_0000`) ? base : stem;
  };
  const images = Map.groupBy(byStem, ({ stem }) => idOf(stem));
  return [...images].map(([id, parts]) => {
    checkId(id, parts[0].path);
    if (parts.length > 1 || parts[0].stem !== id) checkChannels(id, parts, channelNames);
    return { id, images: parts.map(({ path }) => path).sort() };
  });
}

/** The images of a path: itself, or those in it. */
async function imagesAt(path: string): Promise<string[]> {
  try {
    const { isDirectory } = await Deno.stat(path);
    if (!isDirectory || await isZarr(path)) return [path];
    const names = (await Array.fromAsync(Deno.readDir(path), ({ name }) => name))
      .filter((name) => ENDING.test(name) && !name.startsWith(".")).sort();
    if (names.length > 0) return names.map((name) => join(path, name));
  } catch (cause) {
    throw new Error(`Cannot find images at '${path}': ${reasonOf(cause)}`, { cause });
  }
  throw new Error(
    `Cannot find images in '${path}': expected names that end in .nii, .nii.gz, .hdr or .zarr, found none`,
  );
}

async function isZarr(folder: string): Promise<boolean> {
  const found = await Promise.all(ZARR_MARKERS.map((marker) => exists(join(folder, marker))));
  return found.includes(true);
}

function checkId(id: string, path: string): void {
  if (isCaseId(id)) return;
  throw new RangeError(
    `Cannot segment '${path}': expected a name that can name a mask, found ${JSON.stringify(id)}`,
  );
}

function checkChannels(
  id: string,
  parts: readonly { path: string; stem: string }[],
  channelNames: readonly string[],
): void {
  const expected = channelNames.map((_, i) => `${id}_${String(i).padStart(4, "0")}`);
  const found = parts.map(({ stem }) => stem).sort();
  if (String(found) === String(expected)) return;
  const twice = found.find((stem, i) => stem === found[i + 1]);
  if (twice !== undefined) {
    const [first, second] = parts.filter(({ stem }) => stem === twice);
    throw new RangeError(
      `Cannot segment the image ${id}: expected one file of that name, found '${first.path}' and ` +
        `'${second.path}'`,
    );
  }
  const count = channelNames.length === 1 ? "1 channel" : `${channelNames.length} channels`;
  throw new RangeError(
    `Cannot segment the image ${id}: expected ${count} (${channelNames.join(", ")}) in ` +
      `${expected.join(", ")}, found ${found.join(", ")}`,
  );
}
