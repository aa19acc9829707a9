import { hashKeys } from "../random/hash_keys.ts";
import { wordSource } from "../random/word_source.ts";

/** Options of {@linkcode gaussianNoise}. */
export interface GaussianNoiseOptions {
  /** Standard deviation of the noise. */
  sigma: number;
  /** Seed of the noise. */
  seed: number;
}

/**
 * Adds Gaussian noise.
 *
 * @example
 * ```ts
 * import { gaussianNoise } from "@mednext/data/gaussian-noise";
 * import { assertEquals, assertNotEquals } from "@std/assert";
 *
 * const noisy = gaussianNoise(new Float32Array(3), { sigma: 0.1, seed: 1 });
 * assertNotEquals(noisy, new Float32Array(3));
 * assertEquals(noisy, gaussianNoise(new Float32Array(3), { sigma: 0.1, seed: 1 }));
 * ```
 *
 * @param image Intensities; not changed.
 * @param options Standard deviation and seed.
 * @returns New intensities.
 */
export function gaussianNoise(image: Float32Array, options: GaussianNoiseOptions): Float32Array {
  const { sigma, seed } = options;
  // Box-Muller as in randomStream(), but from 32 random bits each: noise is float32.
  const word = wordSource(hashKeys([seed, "noise"]));
  const result = new Float32Array(image.length);
  for (let i = 0; i < image.length; i += 2) {
    const radius = sigma * Math.sqrt(-2 * Math.log((word() + 0.5) / 0x100000000));
    const angle = 2 * Math.PI / 0x100000000 * word();
    result[i] = image[i] + radius * Math.cos(angle);
    if (i + 1 < image.length) result[i + 1] = image[i + 1] + radius * Math.sin(angle);
  }
  return result;
}
