import type { TensorInfo } from "@tensorflow/tfjs";

/** Most bytes of the expanded values of a slice. */
const SLICE_BYTES = 2 ** 25;

/** Some of the voxels of a bottleneck. */
export interface Slice {
  /** Its first voxel over all images, and how many there are. */
  base: number;
  count: number;
}

/** The voxels of x in slices whose expanded values take little memory, however large x is. */
export function slicesOf(x: TensorInfo, expanded: number): Slice[] {
  const voxels = x.shape.slice(0, 4).reduce((product, size) => product * size, 1);
  const most = Math.max(1, Math.floor(SLICE_BYTES / (4 * expanded)));
  return Array.from({ length: Math.ceil(voxels / most) }, (_, slice) => {
    const base = slice * most;
    return { base, count: Math.min(most, voxels - base) };
  });
}
