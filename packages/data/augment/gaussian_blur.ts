import { roundHalfEven } from "../resample/round_half_even.ts";
import type { Triple } from "../volume.ts";
import { reflect } from "./reflect.ts";

/** Options of {@linkcode gaussianBlur}. */
export interface GaussianBlurOptions {
  /** Number of voxels of the volume along D, H, W. */
  shape: Triple;
  /** Standard deviations along D, H, W in voxels; 0 leaves an axis as it is. */
  sigma: Triple;
}

/**
 * Blurs a volume with a Gaussian, axis after axis; the volume is mirrored about its outermost voxels.
 *
 * Equal to batchgeneratorsv2's `GaussianBlurTransform`: the kernel has the odd number of taps that is
 * nearest to 6 sigma + 0.5, which cuts it off at about 3 sigma.
 *
 * @example
 * ```ts
 * import { gaussianBlur } from "@mednext/data/gaussian-blur";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const blurred = gaussianBlur(Float32Array.of(0, 0, 1, 0, 0), { shape: [1, 1, 5], sigma: [0, 0, 0.5] });
 * assertAlmostEquals(blurred[1] / blurred[2], Math.exp(-0.5 / 0.25), 1e-6);
 * ```
 *
 * @param image Intensities in C order over `[D, H, W]`; not changed.
 * @param options Shape and standard deviations.
 * @returns New intensities.
 */
export function gaussianBlur(image: Float32Array, options: GaussianBlurOptions): Float32Array {
  const { shape, sigma } = options;
  let result = image;
  let inner = shape[0] * shape[1] * shape[2];
  for (let axis = 0; axis < 3; axis++) {
    inner /= shape[axis];
    const kernel = gaussianKernel(sigma[axis]);
    if (kernel.length > 1) result = blurAxis(result, { size: shape[axis], inner, kernel });
  }
  return result === image ? image.slice() : result;
}

/** The middle of the kernel and one of its sides: both are equal. */
function gaussianKernel(sigma: number): Float64Array {
  const wanted = 6 * sigma + 0.5, rounded = roundHalfEven(wanted);
  const taps = rounded % 2 === 1 ? rounded : wanted >= rounded ? rounded + 1 : rounded - 1;
  const kernel = new Float64Array((taps - 1) / 2 + 1);
  for (let i = 0; i < kernel.length; i++) {
    kernel[i] = i === 0 ? 1 : Math.exp(-0.5 * (i / sigma) ** 2);
  }
  const sum = kernel.reduce((sum, value, i) => sum + (i === 0 ? 1 : 2) * value, 0);
  return kernel.map((value) => value / sum);
}

/** An axis of a volume: its size, the distance of two neighbours, and the kernel for it. */
interface Axis {
  size: number;
  inner: number;
  kernel: Float64Array;
}

function blurAxis(image: Float32Array, { size, inner, kernel }: Axis): Float32Array {
  const result = new Float32Array(image.length);
  const block = size * inner, radius = kernel.length - 1;
  for (let start = 0; start < image.length; start += block) {
    for (let i = 0; i < size; i++) {
      const to = start + i * inner;
      for (let j = 0; j < inner; j++) result[to + j] = kernel[0] * image[to + j];
      for (let tap = 1; tap <= radius; tap++) {
        const weight = kernel[tap];
        const before = start + reflect(i - tap, size) * inner;
        const after = start + reflect(i + tap, size) * inner;
        for (let j = 0; j < inner; j++) {
          result[to + j] += weight * (image[before + j] + image[after + j]);
        }
      }
    }
  }
  return result;
}
