import { resampleImage } from "../resample/resample_image.ts";
import type { Triple } from "../volume.ts";

/**
 * Resamples the scores of each class linearly and takes the class with the largest, the first of
 * equals. Holds one class at a time in the new shape, not all.
 */
export function largestScore(
  scores: Float32Array,
  { shape, newShape, classes }: { shape: Triple; newShape: Triple; classes: number },
): Int16Array {
  const voxels = shape[0] * shape[1] * shape[2];
  const one = new Float32Array(voxels);
  const count = newShape[0] * newShape[1] * newShape[2];
  const best = new Float32Array(count).fill(-Infinity), result = new Int16Array(count);
  for (let c = 0; c < classes; c++) {
    for (let i = 0; i < voxels; i++) one[i] = scores[i * classes + c];
    const resampled = resampleImage(one, { shape, newShape, order: 1 });
    for (let i = 0; i < count; i++) {
      if (resampled[i] > best[i]) {
        best[i] = resampled[i];
        result[i] = c;
      }
    }
  }
  return result;
}
