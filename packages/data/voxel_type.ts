import type { VoxelArray } from "./volume.ts";

/** Name of a type that voxels can have in memory. */
export type VoxelType =
  | "uint8"
  | "int8"
  | "uint16"
  | "int16"
  | "uint32"
  | "int32"
  | "float32"
  | "float64";

/** The arrays of the types. */
export const VOXEL_ARRAYS = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  float32: Float32Array,
  float64: Float64Array,
} as const satisfies Record<VoxelType, unknown>;

/** The type of an array of voxels. */
export function voxelTypeOf(data: VoxelArray): VoxelType {
  for (const [name, type] of Object.entries(VOXEL_ARRAYS)) {
    if (data instanceof type) return name as VoxelType;
  }
  throw new TypeError("Cannot tell the type of voxels: expected a typed array of numbers");
}

/**
 * The smallest type for whole numbers, and the one for labels above all: unsigned where possible.
 */
function labelType(data: VoxelArray): VoxelType {
  let smallest = 0;
  let largest = 0;
  for (const value of data) {
    if (value < smallest) smallest = value;
    if (value > largest) largest = value;
  }
  const order: VoxelType[] = ["uint8", "uint16", "int16", "uint32", "int32"];
  return order.find((type) => {
    const [low, high] = limits(type);
    return smallest >= low && largest <= high;
  }) ?? "int32";
}

function limits(type: VoxelType): [number, number] {
  if (type.startsWith("float")) return [-Infinity, Infinity];
  const bits = 8 * VOXEL_ARRAYS[type].BYTES_PER_ELEMENT;
  return type.startsWith("u") ? [0, 2 ** bits - 1] : [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
}

/**
 * A copy of the values in another type, or the values themselves where they have it. Nothing is
 * rounded to whole numbers or wrapped around in silence; float32 rounds as it does.
 */
export function convertVoxels(data: VoxelArray, target: VoxelType | "label"): VoxelArray {
  const type = target === "label" ? labelType(data) : target;
  if (!(type in VOXEL_ARRAYS)) {
    throw new TypeError(
      `Cannot write voxels as '${type}': expected label, ${Object.keys(VOXEL_ARRAYS).join(", ")}`,
    );
  }
  if (data instanceof VOXEL_ARRAYS[type]) return data;
  if (!type.startsWith("float")) checkWhole(data, type);
  return VOXEL_ARRAYS[type].from(data);
}

function checkWhole(data: VoxelArray, type: VoxelType): void {
  const [low, high] = limits(type);
  for (let i = 0; i < data.length; i++) {
    const value = data[i];
    if (Number.isInteger(value) && value >= low && value <= high) continue;
    throw new RangeError(
      `Cannot write voxels as ${type}: expected whole numbers from ${low} to ${high}, found ${value}`,
    );
  }
}
