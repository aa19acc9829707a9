import { NIFTI1, NIFTI2 } from "nifti-reader-js";
import { columnLengths, determinant, isUsable } from "../affine.ts";
import type { Triple, Volume, VoxelArray } from "../volume.ts";
import { voxelTypeOf } from "../voxel_type.ts";
import { datatypeCode } from "./datatypes.ts";
import { HEADER_BYTES, type NiftiHeader } from "./header.ts";
import { headerAffine } from "./header_affine.ts";
import { rotationToQuaternion } from "./quaternion.ts";

/** What the writer needs to know beyond the volume. */
interface HeaderOptions {
  /** The stored values, already in their type. */
  values: VoxelArray;
  like?: NiftiHeader;
  description?: string;
  sformCode?: number;
}

/** The part of a header that places the voxels in space. */
type Placement = Pick<
  NiftiHeader,
  "pixdim" | "qformCode" | "sformCode" | "quaternion" | "quaternionOffset" | "srow" | "units"
>;

/** Largest axis that NIfTI-1 has room for. */
const LARGEST_AXIS = 32767;

/** The bytes before the voxels: the header and four zero bytes, "no extensions". */
export function encodeHeader(volume: Volume, options: HeaderOptions): Uint8Array {
  const { shape: [depth, height, width], channels } = volume;
  const dimensions = [width, height, depth, ...(channels > 1 ? [channels] : [])];
  const version = Math.max(...dimensions) > LARGEST_AXIS ? 2 : 1;
  const placement = options.like
    ? placeLike(volume, options.like)
    : place(volume, version, options);
  const header = version === 1 ? new NIFTI1() : new NIFTI2();
  header.littleEndian = true;
  header.magic = version === 1 ? "n+1\0" : "n+2\0\r\n\x1a\n";
  header.dims = [dimensions.length, ...dimensions, 1, 1, 1, 1].slice(0, 8);
  header.datatypeCode = datatypeCode(voxelTypeOf(options.values));
  header.numBitsPerVoxel = 8 * options.values.BYTES_PER_ELEMENT;
  header.vox_offset = HEADER_BYTES[version] + 4;
  header.scl_slope = 1;
  header.scl_inter = 0;
  header.description = cut(options.description ?? "", 79);
  header.pixDims = placement.pixdim;
  header.xyzt_units = placement.units;
  header.qform_code = placement.qformCode;
  header.sform_code = placement.sformCode;
  [header.quatern_b, header.quatern_c, header.quatern_d] = placement.quaternion;
  [header.qoffset_x, header.qoffset_y, header.qoffset_z] = placement.quaternionOffset;
  header.affine = [0, 4, 8].map((row) => placement.srow.slice(row, row + 4));
  return new Uint8Array(header.toArrayBuffer());
}

/** The volume's affine as sform, and as qform where a rotation with spacings says the same. */
function place(volume: Volume, version: 1 | 2, options: HeaderOptions): Placement {
  // NIfTI-1 holds float32: all that is derived comes from the numbers as they will be read.
  const affine = version === 1 ? volume.affine.map(Math.fround) : volume.affine;
  if (affine.length !== 16 || !isUsable(affine)) {
    throw new RangeError(
      `Cannot write a volume: expected an invertible 4x4 affine, found [${affine.join(", ")}]`,
    );
  }
  const spacing = columnLengths(affine);
  const sformCode = options.sformCode ?? 1;
  const handedness = determinant(affine) < 0 ? -1 : 1;
  const rotation = orthogonal(affine, spacing, handedness);
  return {
    pixdim: [handedness, ...spacing, 1, 1, 1, 1],
    units: 2,
    sformCode,
    srow: affine.slice(0, 12),
    qformCode: rotation ? sformCode : 0,
    quaternion: rotation ? rotationToQuaternion(rotation) : [0, 0, 0],
    quaternionOffset: [affine[3], affine[7], affine[11]],
  };
}

/** The proper rotation of an affine whose axes are at right angles; undefined for a sheared one. */
function orthogonal(affine: number[], spacing: Triple, handedness: number): number[] | undefined {
  const scale = [spacing[0], spacing[1], spacing[2] * handedness];
  const columns = [0, 1, 2].map((column) =>
    [0, 1, 2].map((row) => affine[4 * row + column] / scale[column])
  );
  const dot = (a: number[], b: number[]) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  const largest = Math.max(
    Math.abs(dot(columns[0], columns[1])),
    Math.abs(dot(columns[0], columns[2])),
    Math.abs(dot(columns[1], columns[2])),
  );
  if (largest > 1e-5) return undefined;
  return [0, 1, 2].flatMap((row) => columns.map((column) => column[row]));
}

/** The other header's placement, if it is of this volume's grid. */
function placeLike(volume: Volume, like: NiftiHeader): Placement {
  const [width, height = 1, depth = 1] = like.dimensions;
  const found = volume.shape.join("x");
  if (found !== [depth, height, width].join("x")) {
    throw new RangeError(
      `Cannot write a volume like another: expected the shape ${
        [depth, height, width].join("x")
      } (z, y, x), found ${found}`,
    );
  }
  const { affine } = headerAffine(like, "the header to write like");
  const tolerance = 1e-3 * Math.min(...columnLengths(affine));
  const farthest = Math.max(...affine.map((value, i) => Math.abs(value - volume.affine[i])));
  if (!(farthest <= tolerance)) {
    throw new RangeError(
      `Cannot write a volume like another: expected the affine [${affine.join(", ")}], found [${
        volume.affine.join(", ")
      }]`,
    );
  }
  const pixdim = [...like.pixdim.slice(0, 4), 1, 1, 1, 1];
  return { ...like, pixdim };
}

/** The longest start of a text that takes at most `bytes` bytes. */
function cut(text: string, bytes: number): string {
  const encoded = new Uint8Array(bytes);
  const { read } = new TextEncoder().encodeInto(text, encoded);
  return text.slice(0, read);
}
