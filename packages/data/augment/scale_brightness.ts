/**
 * Multiplies intensities by a factor (batchgeneratorsv2's `MultiplicativeBrightnessTransform`).
 *
 * @example
 * ```ts
 * import { scaleBrightness } from "@mednext/data/scale-brightness";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([...scaleBrightness(Float32Array.of(-1, 2), 1.25)], [-1.25, 2.5]);
 * ```
 *
 * @param image Intensities; not changed.
 * @param factor The factor.
 * @returns New intensities.
 */
export function scaleBrightness(image: Float32Array, factor: number): Float32Array {
  const result = new Float32Array(image.length);
  for (let i = 0; i < image.length; i++) result[i] = factor * image[i];
  return result;
}
