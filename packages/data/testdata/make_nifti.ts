/** Fields of a NIfTI-1 header that tests set; everything else is zero. */
export interface NiftiFields {
  dim: number[];
  datatype: number;
  /** The voxels' bytes, already in the byte order of the file. */
  voxels: Uint8Array;
  littleEndian?: boolean;
  pixdim?: number[];
  voxelOffset?: number;
  slope?: number;
  intercept?: number;
  units?: number;
  qform?: { code: number; quaternion: number[]; offset: number[] };
  sform?: { code: number; rows: number[] };
  magic?: string;
  /** Bytes from 348 on to the voxels. */
  extension?: Uint8Array;
}

/** A NIfTI-1 file byte by byte after nifti1.h, independent of the reader and the writer. */
export function makeNifti(fields: NiftiFields): Uint8Array {
  const { littleEndian = true, extension = new Uint8Array(4), voxels } = fields;
  const bytes = new Uint8Array(348 + extension.length + voxels.length);
  const view = new DataView(bytes.buffer);
  const int16 = (at: number, values: number[]) =>
    values.forEach((value, i) => view.setInt16(at + 2 * i, value, littleEndian));
  const float32 = (at: number, values: number[]) =>
    values.forEach((value, i) => view.setFloat32(at + 4 * i, value, littleEndian));
  view.setInt32(0, 348, littleEndian);
  int16(40, fields.dim);
  int16(70, [fields.datatype]);
  float32(76, fields.pixdim ?? [1, 1, 1, 1]);
  float32(108, [fields.voxelOffset ?? 348 + extension.length]);
  float32(112, [fields.slope ?? 0, fields.intercept ?? 0]);
  view.setUint8(123, fields.units ?? 2);
  if (fields.qform) {
    int16(252, [fields.qform.code]);
    float32(256, [...fields.qform.quaternion, ...fields.qform.offset]);
  }
  if (fields.sform) {
    int16(254, [fields.sform.code]);
    float32(280, fields.sform.rows);
  }
  bytes.set(new TextEncoder().encode(fields.magic ?? "n+1"), 344);
  bytes.set(extension, 348);
  bytes.set(voxels, 348 + extension.length);
  return bytes;
}
