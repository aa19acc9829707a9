/**
 * NIfTI files, written whole or not at all.
 * @module
 */
import { writeFileAtomic } from "../files/write_file_atomic.ts";
import type { Volume } from "../volume.ts";
import { encodeNifti, type WriteNiftiOptions } from "./encode_nifti.ts";

/**
 * Writes a volume as `.nii`, or gzipped if the name ends in `.gz`. The file appears under its name
 * only when it is complete; on failure nothing is left. What is written is said at {@linkcode
 * encodeNifti}.
 *
 * @example A mask in the space of its image
 * ```ts
 * import { readNifti, type Volume, writeNifti } from "@mednext/data";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const made: Volume = {
 *   data: Int16Array.of(-1000, 40, 50, 60),
 *   shape: [1, 2, 2],
 *   channels: 1,
 *   spacing: [2, 1, 1],
 *   affine: [-1, 0, 0, 90, 0, -1, 0, 120, 0, 0, 2, -70, 0, 0, 0, 1],
 * };
 * await writeNifti(`${folder}/image.nii.gz`, made);
 *
 * const image = await readNifti(`${folder}/image.nii.gz`);
 * const mask: Volume = { ...image, data: Uint8Array.from(image.data, (v) => v > 0 ? 1 : 0) };
 * await writeNifti(`${folder}/mask.nii.gz`, mask, { like: image.header, dtype: "label" });
 * assertEquals((await readNifti(`${folder}/mask.nii.gz`)).affine, image.affine);
 * await Deno.remove(folder, { recursive: true });
 * ```
 *
 * @param path Where to write; must end in `.nii` or `.nii.gz`.
 * @param volume What to write.
 * @param options Stored type, header to follow, text.
 * @throws {TypeError} if the name has another ending.
 * @throws {RangeError} if the volume does not fit its shape, the type or `like`.
 * @throws {Error} if the file cannot be written; the message has the path and the reason.
 */
export async function writeNifti(
  path: string,
  volume: Volume,
  options: WriteNiftiOptions = {},
): Promise<void> {
  if (!/\.nii(\.gz)?$/i.test(path)) {
    throw new TypeError(`Cannot write '${path}': expected a name that ends in .nii or .nii.gz`);
  }
  const gzip = options.gzip ?? /\.gz$/i.test(path);
  await writeFileAtomic(path, encodeNifti(volume, { ...options, gzip }));
}
