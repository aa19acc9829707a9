import type { VoxelArray } from "../volume.ts";
import { VOXEL_ARRAYS, type VoxelType } from "../voxel_type.ts";
import { datatypeCode, DATATYPES } from "./datatypes.ts";
import type { NiftiHeader } from "./header.ts";

/** Bytes of one voxel in the file. */
export function storedBytes(datatype: string): number {
  return DATATYPES.get(datatypeCode(datatype))!.bytes;
}

/** Whether the header scales its values; 0, NaN and infinity as the slope mean that it does not. */
export function isScaled({ slope, intercept }: NiftiHeader): boolean {
  return Number.isFinite(slope) && slope !== 0 && (slope !== 1 || intercept !== 0);
}

/**
 * Turns the voxels' bytes, in the order of the file, into numbers. The buffer belongs to this
 * function: it is swapped in place and may become the result.
 */
export function decodeValues(buffer: ArrayBuffer, header: NiftiHeader, name: string): VoxelArray {
  const { datatype } = header;
  if (!header.littleEndian) swapBytes(new Uint8Array(buffer), storedBytes(datatype));
  const values = datatype === "int64" || datatype === "uint64"
    ? decodeLong(buffer, datatype, name)
    : new VOXEL_ARRAYS[datatype as VoxelType](buffer);
  return isScaled(header) ? scale(values, header) : values;
}

/**
 * 64-bit integers become 32-bit ones where all of them fit, else doubles, which are exact to 2^53.
 */
function decodeLong(buffer: ArrayBuffer, datatype: "int64" | "uint64", name: string): VoxelArray {
  const low = new Uint32Array(buffer);
  const high = datatype === "int64" ? new Int32Array(buffer) : low;
  const values = new Float64Array(buffer);
  let smallest = 0;
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    const value = high[2 * i + 1] * 2 ** 32 + low[2 * i];
    if (!Number.isSafeInteger(value)) {
      throw new RangeError(
        `Cannot read '${name}' as NIfTI: expected ${datatype} voxels within 2^53, found one of about ` +
          value,
      );
    }
    values[i] = value; // the same eight bytes that were read just now
    if (value < smallest) smallest = value;
    if (value > largest) largest = value;
  }
  if (datatype === "int64" && smallest >= -(2 ** 31) && largest < 2 ** 31) {
    return Int32Array.from(values);
  }
  return datatype === "uint64" && largest < 2 ** 32 ? Uint32Array.from(values) : values;
}

/** True values; float32 holds those of 8 and 16 bits and of float32, everything else is float64. */
function scale(values: VoxelArray, { slope, intercept, datatype }: NiftiHeader): VoxelArray {
  const isSmall = ["uint8", "int8", "uint16", "int16", "float32"].includes(datatype);
  const scaled = isSmall ? new Float32Array(values.length) : new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) scaled[i] = values[i] * slope + intercept;
  return scaled;
}

function swapBytes(bytes: Uint8Array, size: number): void {
  for (let start = 0; start < bytes.length; start += size) {
    for (let a = start, b = start + size - 1; a < b; a++, b--) {
      const byte = bytes[a];
      bytes[a] = bytes[b];
      bytes[b] = byte;
    }
  }
}

/** From volumes one after the other to the channels of each voxel together. */
export function interleave(values: VoxelArray, channels: number): VoxelArray {
  if (channels === 1) return values;
  const voxels = values.length / channels;
  const result = values.slice();
  for (let channel = 0; channel < channels; channel++) {
    const start = channel * voxels;
    for (let i = 0; i < voxels; i++) result[i * channels + channel] = values[start + i];
  }
  return result;
}

/** From the channels of each voxel together to volumes one after the other. */
export function separate<T extends VoxelArray>(values: T, channels: number): T {
  const voxels = values.length / channels;
  const result = values.slice() as T;
  if (channels === 1) return result;
  for (let channel = 0; channel < channels; channel++) {
    const start = channel * voxels;
    for (let i = 0; i < voxels; i++) result[start + i] = values[i * channels + channel];
  }
  return result;
}
