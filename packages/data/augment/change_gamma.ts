import { intensityStatistics } from "./intensity_statistics.ts";

/** Options of {@linkcode changeGamma}. */
export interface ChangeGammaOptions {
  /** The exponent. */
  gamma: number;
  /** Whether the curve is applied to the negated image. @default {false} */
  invert?: boolean;
}

/** Ranges and deviations below are taken for this. */
const EPSILON = 1e-7;

/**
 * Bends intensities along a gamma curve over their range, then gives them back their mean and
 * standard deviation (batchgeneratorsv2's `GammaTransform` with `p_retain_stats=1`).
 *
 * @example
 * ```ts
 * import { changeGamma } from "@mednext/data/change-gamma";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const [low, middle, high] = changeGamma(Float32Array.of(0, 1, 2), { gamma: 2 });
 * assertAlmostEquals(low + middle + high, 3, 1e-6);
 * assertAlmostEquals((middle - low) / (high - low), 0.25, 1e-6);
 * ```
 *
 * @param image Intensities of one channel; not changed.
 * @param options The exponent, and whether the image is negated before and after.
 * @returns New intensities.
 */
export function changeGamma(image: Float32Array, options: ChangeGammaOptions): Float32Array {
  const { gamma, invert = false } = options;
  const before = intensityStatistics(image);
  const range = before.maximum - before.minimum, scale = 1 / Math.max(range, EPSILON);
  const result = new Float32Array(image.length);
  // Negated, the largest value is the smallest and the curve runs the other way.
  const origin = invert ? before.maximum : before.minimum, sign = invert ? -1 : 1;
  for (let i = 0; i < image.length; i++) {
    const part = sign * (image[i] - origin) * scale;
    result[i] = origin + sign * range * Math.pow(part, gamma);
  }
  const after = intensityStatistics(result);
  const factor = before.deviation / Math.max(after.deviation, EPSILON);
  for (let i = 0; i < result.length; i++) {
    result[i] = before.mean + factor * (result[i] - after.mean);
  }
  return result;
}
