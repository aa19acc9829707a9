/**
 * What a volume is, without its voxels.
 * @module
 */
import { spacingOf } from "./affine.ts";
import { reasonOf } from "./files/read_file_within.ts";
import { gzipSource, isGzip, plainSource } from "./nifti/gunzip.ts";
import { HEADER_BYTES, parseHeader } from "./nifti/header.ts";
import { headerAffine } from "./nifti/header_affine.ts";
import { layout } from "./nifti/layout.ts";
import { findHeader } from "./nifti/pair.ts";
import type { Volume } from "./volume.ts";
import { readZarrInfo } from "./zarr/read_zarr_volume.ts";
import { isZip } from "./zarr/store.ts";

/** What {@linkcode readVolumeInfo} tells of a volume. */
export interface VolumeInfo extends Pick<Volume, "shape" | "channels" | "spacing"> {
  /** Type of the voxels as they are stored, such as `int16`. */
  dtype: string;
}

/** The beginning of a file, plain or gzipped, in which its header is. */
const START_BYTES = 65536;

/**
 * Reads what the header of a NIfTI file or the metadata of a Zarr array say of a volume, by the
 * rules of `readVolume`, and no voxel. Whether the voxels can be read is not known then.
 *
 * @example
 * ```ts
 * import { readVolumeInfo, writeNifti } from "@mednext/data";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * await writeNifti(`${folder}/a.nii.gz`, {
 *   data: Int16Array.of(1, 2, 3, 4),
 *   shape: [1, 2, 2],
 *   channels: 1,
 *   spacing: [3, 1, 1],
 *   affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 3, 0, 0, 0, 0, 1],
 * });
 * assertEquals(await readVolumeInfo(`${folder}/a.nii.gz`), {
 *   shape: [1, 2, 2],
 *   channels: 1,
 *   spacing: [3, 1, 1],
 *   dtype: "int16",
 * });
 * await Deno.remove(folder, { recursive: true });
 * ```
 *
 * @param path The file or folder.
 * @returns Shape and spacing along D, H, W as stored (z, y, x), channels and type.
 * @throws {Error} If there is no header that can be read; the message names the path.
 */
export async function readVolumeInfo(path: string): Promise<VolumeInfo> {
  let isZarr: boolean;
  try {
    isZarr = (await Deno.stat(path)).isDirectory || await isZip(path);
  } catch (cause) {
    throw new Error(`Cannot read '${path}': ${reasonOf(cause)}`, { cause });
  }
  return isZarr ? await readZarrInfo(path) : await readNiftiInfo(path);
}

async function readNiftiInfo(path: string): Promise<VolumeInfo> {
  const start = await readStart(await findHeader(path));
  const bytes = new Uint8Array(HEADER_BYTES[2]);
  let taken = 0;
  try {
    taken = (isGzip(start) ? gzipSource(start) : plainSource(start)).take(bytes);
  } catch (cause) {
    throw new SyntaxError(`Cannot read '${path}' as NIfTI: ${reasonOf(cause)}`, { cause });
  }
  const header = parseHeader(bytes.subarray(0, taken), path);
  const { shape, channels } = layout(header, path);
  const { affine } = headerAffine(header, path);
  return { shape, channels, spacing: spacingOf(affine), dtype: header.datatype };
}

async function readStart(path: string): Promise<Uint8Array> {
  using file = await Deno.open(path);
  const start = new Uint8Array(START_BYTES);
  let filled = 0;
  while (filled < start.length) {
    const count = await file.read(start.subarray(filled));
    if (count === null) break;
    filled += count;
  }
  return start.subarray(0, filled);
}
