/**
 * A volume from whatever format its file or folder has.
 * @module
 */
import { reasonOf } from "./files/read_file_within.ts";
import { readNifti } from "./nifti/read_nifti.ts";
import type { NiftiHeader } from "./nifti/header.ts";
import type { Volume } from "./volume.ts";
import { readZarrVolume } from "./zarr/read_zarr_volume.ts";
import { isZip } from "./zarr/store.ts";

/** A volume as it was read. */
export interface ReadVolume extends Volume {
  /** The header of a NIfTI file, for `writeNifti`'s `like`; nothing for Zarr. */
  header?: NiftiHeader;
  /** What was odd about the file and how it was taken, one sentence each. */
  notes: string[];
}

/** Options of {@linkcode readVolume}. */
export interface ReadVolumeOptions {
  /**
   * Most bytes that the voxels may take.
   *
   * @default {4294967296}
   */
  maxBytes?: number;
}

/**
 * Reads a NIfTI file (`.nii`, `.nii.gz`, a `.hdr` and `.img` pair) or a Zarr folder or zip
 * (OME-Zarr, or a single array). The content decides: a folder or a zip file is read as Zarr, any
 * other file as NIfTI, whatever their names. Details at `readNifti` and `readZarrVolume`.
 *
 * @example Either format
 * ```ts
 * import { readVolume, writeNifti, writeZarr } from "@mednext/data";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const data = Float32Array.of(1, 2, 3, 4);
 * await writeNifti(`${folder}/a.nii.gz`, {
 *   data,
 *   shape: [1, 2, 2],
 *   channels: 1,
 *   spacing: [1, 1, 1],
 *   affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
 * });
 * await writeZarr(`${folder}/b.zarr`, { arrays: { image: { data, shape: [1, 2, 2] } } });
 * assertEquals((await readVolume(`${folder}/a.nii.gz`)).data, data);
 * assertEquals((await readVolume(`${folder}/b.zarr/image`)).data, data);
 * await Deno.remove(folder, { recursive: true });
 * ```
 *
 * @param path The file or folder.
 * @param options The limit of memory.
 * @returns The volume; array order `[D, H, W, C]` = z, y, x, channel.
 * @throws {Error} if it cannot be read; the message names the path, what was expected and what was
 *   found.
 */
export async function readVolume(
  path: string,
  options: ReadVolumeOptions = {},
): Promise<ReadVolume> {
  let isZarr: boolean;
  try {
    isZarr = (await Deno.stat(path)).isDirectory || await isZip(path);
  } catch (cause) {
    throw new Error(`Cannot read '${path}': ${reasonOf(cause)}`, { cause });
  }
  return isZarr ? await readZarrVolume(path, options) : await readNifti(path, options);
}
