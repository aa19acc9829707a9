import type { Triple } from "../volume.ts";

/** Where the middle part of size `newShape` begins (batchgeneratorsv2's `crop_tensor`). */
export function centreStart(shape: Triple, newShape: Triple): Triple {
  return shape.map((size, axis) => Math.floor(size / 2) - Math.floor(newShape[axis] / 2)) as Triple;
}
