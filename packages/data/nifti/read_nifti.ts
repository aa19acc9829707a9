/**
 * NIfTI-1 and NIfTI-2 files.
 * @module
 */
import { readFileWithin } from "../files/read_file_within.ts";
import { decodeNifti, DEFAULT_MAX_BYTES, type NiftiVolume } from "./decode_nifti.ts";
import { isGzip } from "./gunzip.ts";
import { inflateNatively } from "./inflate_natively.ts";
import { findHeader, findImage } from "./pair.ts";

/** Options of {@linkcode readNifti}. */
export interface ReadNiftiOptions {
  /**
   * Most bytes that the file and its decoded voxels may take each.
   *
   * @default {4294967296}
   */
  maxBytes?: number;
}

/** A file is its voxels, a header and perhaps extensions. */
const HEADER_ALLOWANCE = 2 ** 25;

/**
 * Reads a NIfTI file: `.nii`, `.nii.gz`, or either file of a `.hdr` and `.img` pair, which may be
 * gzipped too. What the volume holds is said at {@linkcode decodeNifti}.
 *
 * @example A written file, read again
 * ```ts
 * import { readNifti, writeNifti } from "@mednext/data";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * await writeNifti(`${folder}/mask.nii.gz`, {
 *   data: Uint8Array.of(0, 1, 1, 0),
 *   shape: [1, 2, 2],
 *   channels: 1,
 *   spacing: [1, 1, 1],
 *   affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
 * });
 * const mask = await readNifti(`${folder}/mask.nii.gz`);
 * assertEquals(mask.data, Uint8Array.of(0, 1, 1, 0));
 * await Deno.remove(folder, { recursive: true });
 * ```
 *
 * @param path The file.
 * @param options The limit of memory.
 * @returns The volume, its header and notes.
 * @throws {Error} if the file or its partner cannot be read.
 * @throws {SyntaxError} if it is no NIfTI, is cut off or is damaged.
 * @throws {TypeError} if the voxels are complex, colours or of 128 bits.
 * @throws {RangeError} if it is too large or has too many dimensions.
 */
export async function readNifti(
  path: string,
  options: ReadNiftiOptions = {},
): Promise<NiftiVolume> {
  const { maxBytes = DEFAULT_MAX_BYTES } = options;
  const limit = maxBytes + HEADER_ALLOWANCE;
  const header = await findHeader(path);
  const bytes = await readFileWithin(header, limit);
  const imagePath = await findImage(header);
  const image = imagePath === undefined ? undefined : await readFileWithin(imagePath, limit);
  const content = isGzip(bytes) ? await inflateNatively(bytes, limit) : undefined;
  return decodeNifti(content ?? bytes, path, { image, maxBytes });
}
