/**
 * NIfTI-1 and NIfTI-2 from bytes in memory.
 * @module
 */
import { spacingOf } from "../affine.ts";
import type { Volume } from "../volume.ts";
import { parseExtensions } from "./extensions.ts";
import { type ByteSource, gzipSource, isGzip, plainSource } from "./gunzip.ts";
import { HEADER_BYTES, type NiftiHeader, parseHeader } from "./header.ts";
import { headerAffine } from "./header_affine.ts";
import { checkScale, checkSize, countOf, layout } from "./layout.ts";
import { decodeValues, interleave, storedBytes } from "./voxels.ts";

/** A volume with what its NIfTI file says beyond it. */
export interface NiftiVolume extends Volume {
  /** The header as it is stored; give it to `writeNifti` as `like` for a file in the same space. */
  header: NiftiHeader;
  /** What was odd about the file and how it was taken, one sentence each; mostly empty. */
  notes: string[];
}

/** Options of {@linkcode decodeNifti}. */
export interface DecodeNiftiOptions {
  /**
   * The bytes of the `.img` file of a pair, plain or gzipped.
   *
   * @default {undefined}
   */
  image?: Uint8Array;
  /**
   * Most bytes that the decoded voxels may take; a file that says it has more is refused before
   * anything is allocated.
   *
   * @default {4294967296}
   */
  maxBytes?: number;
}

/** Most bytes of decoded voxels that are taken without being asked for: 4 GiB. */
export const DEFAULT_MAX_BYTES = 2 ** 32;

/** Extensions beyond this are passed over without being kept. */
const MAX_EXTENSION_BYTES = 2 ** 24;

/** After the voxels a file may hold this much more, which is read only to check it. */
const SLACK_BYTES = 2 ** 20;

/**
 * Reads a NIfTI-1 or NIfTI-2 file, plain or gzipped, of either byte order.
 *
 * The volume's array is `[D, H, W, C]` = z, y, x as the file stores them (no reorientation), its
 * spacing is in mm in that order, its affine takes x, y, z to RAS millimetres (metres and microns
 * are converted). Where a file has several volumes along one further dimension, they are the
 * channels. Integers keep their type unless the header scales them; then they are Float32Array (8
 * and 16 bits) or Float64Array. 64-bit integers become Int32Array or Uint32Array where they all
 * fit, else Float64Array. NaN and infinity stay.
 *
 * @example Header and voxels
 * ```ts
 * import { decodeNifti, encodeNifti } from "@mednext/data";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = encodeNifti({
 *   data: Int16Array.of(1, 2, 3, 4),
 *   shape: [1, 2, 2],
 *   channels: 1,
 *   spacing: [3, 1, 1],
 *   affine: [1, 0, 0, -5, 0, 1, 0, 7, 0, 0, 3, 0, 0, 0, 0, 1],
 * });
 * const volume = decodeNifti(bytes, "four.nii");
 * assertEquals(volume.data, Int16Array.of(1, 2, 3, 4));
 * assertEquals(volume.spacing, [3, 1, 1]);
 * assertEquals(volume.header.datatype, "int16");
 * ```
 *
 * @param bytes The file, or the `.hdr` file of a pair.
 * @param name What errors call it, best its path.
 * @param options The partner of a pair and the limit of memory.
 * @returns The volume, its header and notes.
 * @throws {SyntaxError} if the bytes are no NIfTI, are cut off or are damaged.
 * @throws {TypeError} if the voxels are complex, colours or of 128 bits.
 * @throws {RangeError} if the voxels need more than `maxBytes`, have two or more further
 *   dimensions, or hold 64-bit integers beyond 2^53.
 */
export function decodeNifti(
  bytes: Uint8Array,
  name: string,
  options: DecodeNiftiOptions = {},
): NiftiVolume {
  const { image, maxBytes = DEFAULT_MAX_BYTES } = options;
  const source = openSource(bytes);
  return readable(name, () => {
    const header = parseHeader(takeHeader(source), name);
    const { shape, channels } = layout(header, name);
    checkSize(header, { name, maxBytes });
    checkScale(header, name);
    const { affine, notes } = headerAffine(header, name);
    header.extensions = takeExtensions(source, header, name, notes);
    const values = takeVoxels(voxelSource(source, header, { name, image }), header, name, notes);
    return {
      data: interleave(decodeValues(values, header, name), channels),
      shape,
      channels,
      spacing: spacingOf(affine),
      affine,
      header,
      notes,
    };
  });
}

function openSource(bytes: Uint8Array): ByteSource {
  return isGzip(bytes) ? gzipSource(bytes) : plainSource(bytes);
}

/** Errors of the inflater say nothing of the file: this adds it. */
function readable<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error && error.message.startsWith(`Cannot read '${name}'`)) throw error;
    const found = error instanceof SyntaxError
      ? error.message
      : `damaged gzip data (${error instanceof Error ? error.message : error})`;
    throw new SyntaxError(`Cannot read '${name}' as NIfTI: expected a whole file, found ${found}`, {
      cause: error,
    });
  }
}

function takeHeader(source: ByteSource): Uint8Array {
  const header = new Uint8Array(HEADER_BYTES[2]);
  const first = source.take(header.subarray(0, HEADER_BYTES[1]));
  const isSecond = first === HEADER_BYTES[1] && (header[0] === 0x1c || header[3] === 0x1c);
  const rest = isSecond ? source.take(header.subarray(first)) : 0;
  return header.subarray(0, first + rest);
}

/** Takes what lies between the header and the voxels of a single file. */
function takeExtensions(
  source: ByteSource,
  header: NiftiHeader,
  name: string,
  notes: string[],
): NiftiHeader["extensions"] {
  const start = HEADER_BYTES[header.version];
  if (header.pair) {
    const rest = new Uint8Array(65536);
    return parseExtensions(rest.subarray(0, source.take(rest)), header, notes);
  }
  if (header.voxelOffset === 0) header.voxelOffset = start + 4;
  const length = header.voxelOffset - start;
  if (!Number.isSafeInteger(length) || length < 4) {
    throw new SyntaxError(
      `Cannot read '${name}' as NIfTI: expected voxels from byte ${
        start + 4
      } on, found the offset ` +
        header.voxelOffset,
    );
  }
  const kept = new Uint8Array(Math.min(length, MAX_EXTENSION_BYTES));
  const taken = source.take(kept);
  skip(source, length - kept.length);
  return parseExtensions(kept.subarray(0, taken), header, notes);
}

function skip(source: ByteSource, length: number): void {
  const piece = new Uint8Array(65536);
  for (let left = length; left > 0;) {
    const taken = source.take(piece.subarray(0, Math.min(left, piece.length)));
    if (taken === 0) return;
    left -= taken;
  }
}

function voxelSource(
  source: ByteSource,
  header: NiftiHeader,
  { name, image }: { name: string; image?: Uint8Array },
): ByteSource {
  if (!header.pair) return source;
  if (!image) {
    throw new SyntaxError(
      `Cannot read '${name}' as NIfTI: expected the voxels in a .img file beside it, found none`,
    );
  }
  const voxels = openSource(image);
  skip(voxels, Math.max(0, header.voxelOffset));
  return voxels;
}

function takeVoxels(
  source: ByteSource,
  header: NiftiHeader,
  name: string,
  notes: string[],
): ArrayBuffer {
  const expected = countOf(header) * storedBytes(header.datatype);
  const bytes = allocate(source, expected);
  if (bytes.length < expected) {
    throw new SyntaxError(
      `Cannot read '${name}' as NIfTI: expected ${expected} bytes of voxels ` +
        `(${
          header.dimensions.join("x")
        } of ${header.datatype}) from byte ${header.voxelOffset} on, ` +
        `found ${bytes.length}`,
    );
  }
  if (source.finish(SLACK_BYTES) === "more") {
    notes.push(`the file holds more than its voxels; its end was not checked`);
  }
  return bytes.buffer;
}

/** Fills in pieces that double, so that a header that lies costs no more than the file holds. */
function allocate(source: ByteSource, expected: number): Uint8Array<ArrayBuffer> {
  let bytes = new Uint8Array(Math.min(expected, 2 ** 26));
  let filled = 0;
  while (true) {
    filled += source.take(bytes.subarray(filled));
    if (filled < bytes.length || filled === expected) return bytes.subarray(0, filled);
    const larger = new Uint8Array(Math.min(expected, 2 * bytes.length));
    larger.set(bytes);
    bytes = larger;
  }
}
