import { roundHalfEven } from "../resample/round_half_even.ts";
import type { Triple } from "../volume.ts";

/** Options of {@linkcode simulateLowResolution}. */
export interface SimulateLowResolutionOptions {
  /** Number of voxels of the volume along D, H, W. */
  shape: Triple;
  /** Share of the voxels that is kept along D, H, W. */
  scale: Triple;
}

/**
 * Takes a volume to fewer voxels (nearest) and back to its own (linear).
 *
 * Equal to batchgeneratorsv2's `SimulateLowResolutionTransform`: PyTorch's `interpolate` with
 * `nearest-exact`, then with `trilinear` (`align_corners=False`).
 *
 * @example
 * ```ts
 * import { simulateLowResolution } from "@mednext/data/simulate-low-resolution";
 * import { assertEquals } from "@std/assert";
 *
 * const image = Float32Array.of(0, 4, 8, 16);
 * const low = simulateLowResolution(image, { shape: [1, 1, 4], scale: [1, 1, 0.5] });
 * assertEquals([...low], [4, 7, 13, 16]);
 * ```
 *
 * @param image Intensities in C order over `[D, H, W]`; not changed.
 * @param options Shape and scale.
 * @returns New intensities.
 */
export function simulateLowResolution(
  image: Float32Array,
  options: SimulateLowResolutionOptions,
): Float32Array {
  const { shape, scale } = options;
  let result = image;
  let inner = shape[0] * shape[1] * shape[2];
  for (let axis = 0; axis < 3; axis++) {
    inner /= shape[axis];
    const low = Math.max(1, roundHalfEven(shape[axis] * scale[axis]));
    if (low !== shape[axis]) result = blendAxis(result, { ...lowAxis(shape[axis], low), inner });
  }
  return result === image ? image.slice() : result;
}

/** For each voxel of an axis, the two it is blended from, and the share of the second. */
interface BlendedAxis {
  first: Int32Array;
  second: Int32Array;
  share: Float64Array;
  /** Distance of two neighbours along the axis. */
  inner: number;
}

function lowAxis(size: number, low: number): Omit<BlendedAxis, "inner"> {
  const first = new Int32Array(size), second = new Int32Array(size);
  const share = new Float64Array(size);
  const ratio = Math.fround(size / low); // PyTorch's index is float32
  const kept = (i: number) => Math.min(size - 1, Math.floor(Math.fround((i + 0.5) * ratio)));
  for (let i = 0; i < size; i++) {
    const place = Math.max(0, (i + 0.5) * low / size - 0.5), lower = Math.floor(place);
    first[i] = kept(lower);
    second[i] = kept(Math.min(low - 1, lower + 1));
    share[i] = place - lower;
  }
  return { first, second, share };
}

function blendAxis(
  image: Float32Array,
  { first, second, share, inner }: BlendedAxis,
): Float32Array {
  const result = new Float32Array(image.length);
  const block = first.length * inner;
  for (let start = 0; start < image.length; start += block) {
    for (let i = 0; i < first.length; i++) {
      const a = start + first[i] * inner, b = start + second[i] * inner;
      const to = start + i * inner, part = share[i];
      for (let j = 0; j < inner; j++) {
        result[to + j] = image[a + j] + part * (image[b + j] - image[a + j]);
      }
    }
  }
  return result;
}
