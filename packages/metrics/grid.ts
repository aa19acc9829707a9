/** Three numbers in the order of the array axes D, H, W (z, y, x). */
export type Triple = [number, number, number];

/** The voxel grid that the reference and the prediction share. */
export interface Grid {
  /** Voxels along D, H, W (z, y, x). */
  shape: Triple;
  /** Millimetres from voxel to voxel along D, H, W (z, y, x). */
  spacing: Triple;
}
