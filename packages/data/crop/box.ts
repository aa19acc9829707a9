import type { Triple } from "../volume.ts";

/** A box of voxels along D, H, W. */
export interface Box {
  /** First voxel. */
  start: Triple;
  /** One past the last voxel. */
  stop: Triple;
}
