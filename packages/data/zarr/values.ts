import type { VoxelArray } from "../volume.ts";
import { VOXEL_ARRAYS, type VoxelType } from "../voxel_type.ts";

/** What zarrita's arrays of the types that we take can be. */
export type ChunkValues =
  | VoxelArray
  | BigInt64Array
  | BigUint64Array
  | ArrayLike<number>
  | { get(index: number): boolean; length: number };

/** The types of Zarr that become voxels. */
export const ZARR_TYPES: readonly string[] = [
  ...["bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"],
  ...["float16", "float32", "float64"],
];

/** Bytes of one value in memory once it is read. */
export function bytesOf(dtype: string): number {
  if (dtype === "bool") return 1;
  if (dtype === "float16") return 4;
  return Number(/\d+$/.exec(dtype)![0]) / 8;
}

/** The types of Zarr that are held in another: 64-bit integers as doubles at first. */
const HELD_AS: Record<string, VoxelType> = {
  bool: "uint8",
  float16: "float32",
  int64: "float64",
  uint64: "float64",
};

/** An array that holds a Zarr type's values. */
export function allocateValues(dtype: string, length: number): VoxelArray {
  return new VOXEL_ARRAYS[HELD_AS[dtype] ?? dtype as VoxelType](length);
}

/** How a value of a chunk is read as a number; throws on integers that a double cannot hold. */
export function numberReader(values: ChunkValues): (index: number) => number {
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) {
    return (index) => {
      const value = Number(values[index]);
      if (Number.isSafeInteger(value)) return value;
      throw new RangeError(`expected 64-bit integers within 2^53, found ${values[index]}`);
    };
  }
  if ("get" in values && typeof values.get === "function") {
    const bits = values;
    return (index) => bits.get(index) ? 1 : 0;
  }
  const numbers = values as ArrayLike<number>;
  return (index) => numbers[index];
}

/** 64-bit integers in 32 bits where all of them fit, as the NIfTI reader has them. */
export function narrowLong(values: VoxelArray, dtype: string): VoxelArray {
  if (dtype !== "int64" && dtype !== "uint64") return values;
  const isSigned = dtype === "int64";
  const [low, high] = isSigned ? [-(2 ** 31), 2 ** 31 - 1] : [0, 2 ** 32 - 1];
  if (!values.every((value: number) => value >= low && value <= high)) return values;
  return isSigned ? Int32Array.from(values) : Uint32Array.from(values);
}
