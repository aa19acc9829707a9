import { intensityStatistics } from "./intensity_statistics.ts";

/** Options of {@linkcode changeContrast}. */
export interface ChangeContrastOptions {
  /** Factor on the distance of each intensity from the mean. */
  factor: number;
  /** Whether intensities stay between the smallest and the largest of before. @default {true} */
  preserveRange?: boolean;
}

/**
 * Draws intensities away from their mean, or towards it (batchgeneratorsv2's `ContrastTransform`).
 *
 * @example
 * ```ts
 * import { changeContrast } from "@mednext/data/change-contrast";
 * import { assertEquals } from "@std/assert";
 *
 * const changed = changeContrast(Float32Array.of(0, 1, 2, 5), { factor: 2 });
 * assertEquals([...changed], [0, 0, 2, 5]);
 * ```
 *
 * @param image Intensities of one channel; not changed.
 * @param options The factor, and whether the range is kept.
 * @returns New intensities.
 */
export function changeContrast(image: Float32Array, options: ChangeContrastOptions): Float32Array {
  const { factor, preserveRange = true } = options;
  const { mean, minimum, maximum } = intensityStatistics(image);
  const low = preserveRange ? minimum : -Infinity, high = preserveRange ? maximum : Infinity;
  const result = new Float32Array(image.length);
  for (let i = 0; i < image.length; i++) {
    const value = mean + factor * (image[i] - mean);
    result[i] = value < low ? low : value > high ? high : value;
  }
  return result;
}
