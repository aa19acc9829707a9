import { NIFTI1, NIFTI2 } from "nifti-reader-js";
import type { Triple } from "../volume.ts";
import { datatypeOf } from "./datatypes.ts";
import { foreignFormat } from "./foreign.ts";

/** Bytes that a program added between the header and the voxels. */
export interface NiftiExtension {
  /** The registered code of the extension's format. */
  code: number;
  /** Its content. */
  data: Uint8Array;
}

/** The header of a NIfTI-1 or NIfTI-2 file, as it is stored (no unit or scale applied). */
export interface NiftiHeader {
  /** 1 or 2. */
  version: 1 | 2;
  /** Byte order of the file. */
  littleEndian: boolean;
  /** True when the voxels lie in a file of their own (`.hdr` and `.img`). */
  pair: boolean;
  /**
   * Number of voxels along x, y, z and then whatever else the file has; `dim[1]` to `dim[dim[0]]`.
   */
  dimensions: number[];
  /** Stored type of a voxel: `uint8`, `int16`, `float32` and so on. */
  datatype: string;
  /**
   * All eight of `pixdim`; the first is the handedness of the qform, the next three the spacing of
   * x, y, z.
   */
  pixdim: number[];
  /** Where the voxels start, in bytes from the start of their file. */
  voxelOffset: number;
  /** Factor from stored to true values; 0 or NaN means none. */
  slope: number;
  /** Added to the true values after the factor. */
  intercept: number;
  /** What the quaternion transform maps to; 0: it is not set. */
  qformCode: number;
  /** What the affine transform maps to; 0: it is not set. */
  sformCode: number;
  /** b, c, d of the unit quaternion. */
  quaternion: Triple;
  /** Position of the first voxel by the quaternion transform: x, y, z. */
  quaternionOffset: Triple;
  /** The three rows of the affine transform, 12 numbers. */
  srow: number[];
  /** `xyzt_units`: the lower three bits are the unit of space (1 m, 2 mm, 3 micron). */
  units: number;
  /** What the values mean, by the code of the standard. */
  intentCode: number;
  /** Name that goes with the intent. */
  intentName: string;
  /** Free text. */
  description: string;
  /** What lies between the header and the voxels. */
  extensions: NiftiExtension[];
}

/** Bytes that must be there to tell a header and to read it. */
export const HEADER_BYTES = { 1: 348, 2: 540 } as const;

/** Which version and byte order the first bytes speak of; undefined when they are no NIfTI. */
export function detectHeader(
  bytes: Uint8Array,
): { version: 1 | 2; littleEndian: boolean } | undefined {
  if (bytes.length < 4) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const littleEndian of [true, false]) {
    const size = view.getInt32(0, littleEndian);
    if (size === HEADER_BYTES[1]) return { version: 1, littleEndian };
    if (size === HEADER_BYTES[2]) return { version: 2, littleEndian };
  }
  return undefined;
}

/**
 * Reads the fixed part of a header (348 or 540 bytes). nifti-reader-js parses the fields; it is
 * given these bytes alone, as its parser of extensions trusts the lengths that it finds.
 */
export function parseHeader(bytes: Uint8Array, name: string): NiftiHeader {
  const kind = detectHeader(bytes);
  if (!kind) {
    throw new SyntaxError(
      `Cannot read '${name}' as NIfTI: expected a header of 348 or 540 bytes, found ${
        foreignFormat(bytes)
      }`,
    );
  }
  const { version, littleEndian } = kind;
  if (bytes.length < HEADER_BYTES[version]) {
    throw new SyntaxError(
      `Cannot read '${name}' as NIfTI: expected a header of ${
        HEADER_BYTES[version]
      } bytes, found ` +
        `${bytes.length}`,
    );
  }
  const pair = magicOf(bytes, version, name);
  const parsed = version === 1 ? new NIFTI1() : new NIFTI2();
  const own = bytes.slice(0, HEADER_BYTES[version]);
  parsed.readHeader(own.buffer);
  return {
    version,
    littleEndian,
    pair,
    dimensions: dimensionsOf(parsed.dims, name),
    datatype: datatypeOf(parsed.datatypeCode, name).name,
    pixdim: [...parsed.pixDims],
    voxelOffset: parsed.vox_offset,
    slope: parsed.scl_slope,
    intercept: parsed.scl_inter,
    qformCode: parsed.qform_code,
    sformCode: parsed.sform_code,
    quaternion: [parsed.quatern_b, parsed.quatern_c, parsed.quatern_d],
    quaternionOffset: [parsed.qoffset_x, parsed.qoffset_y, parsed.qoffset_z],
    srow: storedRows(own, version, littleEndian),
    units: parsed.xyzt_units,
    intentCode: parsed.intent_code,
    intentName: parsed.intent_name,
    description: parsed.description,
    extensions: [],
  };
}

/** Checks the magic string and tells whether the voxels lie in another file. */
function magicOf(bytes: Uint8Array, version: 1 | 2, name: string): boolean {
  const start = version === 1 ? 344 : 4;
  const magic = String.fromCharCode(...bytes.subarray(start, start + 3));
  if (magic === `n+${version}`) return false;
  if (magic === `ni${version}`) return true;
  const hint = version === 1 && !magic.startsWith("n")
    ? " (Analyze 7.5 files have no magic and say nothing about orientation: convert them to NIfTI)"
    : "";
  throw new SyntaxError(
    `Cannot read '${name}' as NIfTI: expected the magic 'n+${version}' or 'ni${version}' at byte ` +
      `${start}, found ${JSON.stringify(magic)}${hint}`,
  );
}

function dimensionsOf(dims: number[], name: string): number[] {
  const [count] = dims;
  if (!(count >= 1 && count <= 7)) {
    throw new SyntaxError(
      `Cannot read '${name}' as NIfTI: expected 1 to 7 dimensions, found ${count}`,
    );
  }
  const dimensions = dims.slice(1, count + 1);
  if (!dimensions.every((length) => Number.isSafeInteger(length) && length >= 1)) {
    throw new SyntaxError(
      `Cannot read '${name}' as NIfTI: expected dimensions of at least 1 voxel, found ` +
        dimensions.join("x"),
    );
  }
  return dimensions;
}

/**
 * The sform's rows as stored; nifti-reader-js keeps them only where it prefers them to the qform.
 */
function storedRows(bytes: Uint8Array, version: 1 | 2, littleEndian: boolean): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from(
    { length: 12 },
    (_, i) =>
      version === 1
        ? view.getFloat32(280 + 4 * i, littleEndian)
        : view.getFloat64(400 + 8 * i, littleEndian),
  );
}
