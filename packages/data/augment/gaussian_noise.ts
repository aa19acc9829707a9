import { randomStream } from "../random.ts";

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
  const stream = randomStream(seed, "noise");
  const result = new Float32Array(image.length);
  for (let i = 0; i < image.length; i++) result[i] = image[i] + sigma * stream.normal();
  return result;
}
