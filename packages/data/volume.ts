/**
 * What a volume is to every part of the package.
 * @module
 */

/** Three numbers, one for each array axis D, H, W (z, y, x). */
export type Triple = [number, number, number];

/** The arrays that hold voxels. */
export type VoxelArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array;

/**
 * A three-dimensional image or label map with its place in the world.
 *
 * @example
 * ```ts
 * import type { Volume } from "@mednext/data";
 * import { assertEquals } from "@std/assert";
 *
 * const volume: Volume = {
 *   data: new Float32Array(2 * 3 * 4),
 *   shape: [2, 3, 4],
 *   channels: 1,
 *   spacing: [3, 1, 1],
 *   affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 3, 0, 0, 0, 0, 1],
 * };
 * assertEquals(volume.data.length, 24);
 * ```
 */
export interface Volume {
  /** Voxels in C order over `[D, H, W, channels]`, the channel fastest. */
  data: VoxelArray;
  /** Number of voxels along D, H, W. */
  shape: Triple;
  /** Number of values in each voxel. */
  channels: number;
  /** Distance between voxel centres along D, H, W in millimetres. */
  spacing: Triple;
  /** 4x4 matrix, row by row, from the voxel index (x, y, z, 1) to millimetres in RAS. */
  affine: number[];
}
