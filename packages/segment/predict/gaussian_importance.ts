/** Settings of {@linkcode gaussianImportance}. */
export interface GaussianImportanceOptions {
  /**
   * Standard deviation as a fraction of the patch, per axis.
   * @default {1 / 8}
   */
  sigmaScale?: number;
  /**
   * The value at the centre.
   * @default {10}
   */
  maximum?: number;
}

/** Where SciPy cuts a Gaussian off, in standard deviations. */
const TRUNCATE = 4;

/**
 * How much each voxel of a patch counts when overlapping patches are averaged.
 *
 * A Gaussian around the centre voxel (`floor(size / 2)`), cut off at four standard deviations and scaled
 * to a maximum of 10; voxels beyond the cut get the smallest value that is not zero, so that
 * every voxel of the patch counts.
 *
 * Source: nnU-Net v2, `inference/sliding_window_prediction.py`, `compute_gaussian`, which filters a
 * single one with `scipy.ndimage.gaussian_filter(mode="constant")`.
 *
 * @example The centre counts most
 * ```ts
 * import { gaussianImportance } from "@mednext/segment";
 * import { assertEquals } from "@std/assert";
 *
 * const weights = gaussianImportance([4, 4, 4]);
 * assertEquals(weights.length, 64);
 * assertEquals(weights[2 * 16 + 2 * 4 + 2], 10);
 * ```
 *
 * @param patchSize Voxels of the patch along each axis.
 * @param options Width and height of the Gaussian.
 * @returns One weight per voxel in C order (the last axis is the fastest).
 * @throws {RangeError} If a size is no positive integer, or an option is not above zero.
 */
export function gaussianImportance(
  patchSize: readonly number[],
  options: GaussianImportanceOptions = {},
): Float32Array {
  const { sigmaScale = 1 / 8, maximum = 10 } = options;
  if (patchSize.length === 0 || patchSize.some((size) => !Number.isInteger(size) || size < 1)) {
    throw new RangeError(
      `Cannot weight a patch as patchSize must be positive integers: current value is [${
        patchSize.join(", ")
      }]`,
    );
  }
  for (const [name, value] of Object.entries({ sigmaScale, maximum })) {
    if (!(value > 0 && Number.isFinite(value))) {
      throw new RangeError(
        `Cannot weight a patch as ${name} must be above zero: current value is ${value}`,
      );
    }
  }
  // The filter is separable and its input a single one: the result is an outer product.
  let values = new Float64Array([maximum]);
  for (const size of patchSize) values = outer(values, filteredOne(size, size * sigmaScale));
  const weights = Float32Array.from(values);
  const smallest = weights.reduce(
    (least, value) => value > 0 ? Math.min(least, value) : least,
    Infinity,
  );
  return weights.map((value) => value === 0 ? smallest : value);
}

/** The Gaussian along one axis, 1 at the centre; its norm cancels when the maximum is set. */
function filteredOne(size: number, sigma: number): Float64Array {
  const centre = Math.floor(size / 2);
  const radius = Math.floor(TRUNCATE * sigma + 0.5);
  return Float64Array.from({ length: size }, (_, index) => {
    const distance = index - centre;
    return Math.abs(distance) > radius ? 0 : Math.exp(-0.5 * (distance / sigma) ** 2);
  });
}

function outer(rows: Float64Array, columns: Float64Array): Float64Array<ArrayBuffer> {
  const product = new Float64Array(rows.length * columns.length);
  for (let row = 0; row < rows.length; row++) {
    for (let column = 0; column < columns.length; column++) {
      product[row * columns.length + column] = rows[row] * columns[column];
    }
  }
  return product;
}
