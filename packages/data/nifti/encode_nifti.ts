/**
 * NIfTI into bytes.
 * @module
 */
import { gzipSync } from "fflate";
import type { Volume, VoxelArray } from "../volume.ts";
import { convertVoxels, type VoxelType } from "../voxel_type.ts";
import type { NiftiHeader } from "./header.ts";
import { separate } from "./voxels.ts";
import { encodeHeader } from "./encode_header.ts";

/** Options of {@linkcode encodeNifti} and `writeNifti`. */
export interface WriteNiftiOptions {
  /**
   * Type of the stored voxels; `label` is the smallest of uint8, uint16, int16, uint32 and int32
   * that holds every value. Values that the type cannot hold are an error.
   *
   * @default {the type of the volume's own array}
   */
  dtype?: VoxelType | "label";
  /**
   * Header of another file of the same grid, as `readNifti` gives it: its transforms, their codes,
   * its spacing and its units are written as they stand there.
   *
   * @default {undefined}
   */
  like?: NiftiHeader;
  /**
   * Free text for the header; what is beyond 79 bytes is cut off.
   *
   * @default {""}
   */
  description?: string;
  /**
   * What the affine maps to: 1 the scanner, 2 another image, 3 Talairach, 4 MNI 152. Not used with
   * `like`.
   *
   * @default {1}
   */
  sformCode?: 1 | 2 | 3 | 4;
  /**
   * Effort of gzip, 1 to 9.
   *
   * @default {6}
   */
  compressionLevel?: 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;
  /**
   * Whether the bytes are gzipped; `writeNifti` decides by the name of the file.
   *
   * @default {false}
   */
  gzip?: boolean;
}

/**
 * Writes a volume as a single NIfTI file: NIfTI-1, or NIfTI-2 where an axis has more than 32767
 * voxels; little endian, without scale factors. The sform holds the affine (as float32 in NIfTI-1);
 * the qform says the same where the affine is a rotation with spacings, else its code is 0.
 * Channels become the fourth dimension. The same volume and options give the same bytes.
 *
 * @example Labels take one byte
 * ```ts
 * import { decodeNifti, encodeNifti } from "@mednext/data";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = encodeNifti({
 *   data: Float32Array.of(0, 1, 2, 255),
 *   shape: [1, 2, 2],
 *   channels: 1,
 *   spacing: [1, 1, 1],
 *   affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
 * }, { dtype: "label" });
 * assertEquals(bytes.length, 352 + 4);
 * assertEquals(decodeNifti(bytes, "mask").data, Uint8Array.of(0, 1, 2, 255));
 * ```
 *
 * @param volume What to write; array order `[D, H, W, C]`.
 * @param options Stored type, header to follow, text.
 * @returns The bytes of the file.
 * @throws {RangeError} if the data do not fit the shape or the type, or `like` is of another grid.
 */
export function encodeNifti(volume: Volume, options: WriteNiftiOptions = {}): Uint8Array {
  const values = storedValues(volume, options);
  const header = encodeHeader(volume, { ...options, values });
  const bytes = new Uint8Array(header.length + values.byteLength);
  bytes.set(header);
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), header.length);
  if (!options.gzip) return bytes;
  return gzipSync(bytes, { level: options.compressionLevel ?? 6, mtime: 0 });
}

function storedValues(volume: Volume, options: WriteNiftiOptions): VoxelArray {
  const { data, shape, channels } = volume;
  const expected = shape[0] * shape[1] * shape[2] * channels;
  if (!(data.length === expected && expected > 0)) {
    throw new RangeError(
      `Cannot write a volume of ${shape.join("x")} voxels and ${channels} channel(s): expected ` +
        `${expected} values, found ${data.length}`,
    );
  }
  const values = options.dtype === undefined ? data : convertVoxels(data, options.dtype);
  return channels === 1 ? values : separate(values, channels);
}
