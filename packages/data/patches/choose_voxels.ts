import type { RandomStream } from "../random.ts";

const AT_LEAST = 10_000;
const SHARE = 0.01;

/** Chooses among voxels that are offered one after the other. */
export interface VoxelChooser {
  /** The chosen voxels; complete when all have been offered. */
  voxels: Int32Array;
  /** Offers the next voxel. */
  offer(voxel: number): void;
}

/**
 * Chooses max(min(10 000, n), ceil(n / 100)) of n voxels without replacement, each equally likely.
 * Selection sampling (Knuth, TAOCP 2, 3.4.2 S): one pass, sorted, no list of all voxels.
 */
export function chooseVoxels(count: number, stream: RandomStream): VoxelChooser {
  const voxels = new Int32Array(Math.max(Math.min(AT_LEAST, count), Math.ceil(SHARE * count)));
  let left = count, filled = 0;
  return {
    voxels,
    offer(voxel) {
      const wanted = voxels.length - filled;
      if (wanted === left || (wanted > 0 && stream.integer(left) < wanted)) {
        voxels[filled++] = voxel;
      }
      left--;
    },
  };
}
