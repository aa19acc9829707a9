import type { Triple } from "../volume.ts";
import { type AxisWeights, cubicWeights, linearWeights } from "./axis_weights.ts";
import { bySlices } from "./by_slices.ts";
import { resizeAxis } from "./resize_axis.ts";
import { shrinkingFirst } from "./shrinking_first.ts";

/** As many voxels as scipy adds before it fits a spline to an image continued by its edge. */
const SPLINE_PAD = 12;

/** Options of {@linkcode resampleImage}. */
export interface ResampleImageOptions {
  /** The shape `[D, H, W]` of the data. */
  shape: Triple;
  /** The shape `[D, H, W]` wanted. */
  newShape: Triple;
  /** Values in each voxel. @default {1} */
  channels?: number;
  /** 3: cubic B-spline, for images. 1: linear, for logits and probabilities. @default {3} */
  order?: 1 | 3;
  /**
   * The axis (0, 1, 2 for D, H, W) across which each slice is resampled by itself, as `separateAxis`
   * gives it; along it the nearest slice is taken. @default {undefined}
   */
  separateAxis?: number;
}

/**
 * Resamples an image to another shape over the same extent.
 *
 * The voxel grids share their outer borders (half-pixel centres), the image is continued by its
 * edge values and the result is clipped to the range of each channel of the input: the semantics
 * of scikit-image's `resize(mode="edge", anti_aliasing=False, clip=True, preserve_range=True)`,
 * which nnU-Net uses. Nothing is smoothed before shrinking. Where the shapes are equal the values
 * are returned unchanged. With `separateAxis` each slice is clipped to its own range.
 *
 * @example
 * ```ts
 * import { resampleImage } from "@mednext/data/resample-image";
 * import { assertEquals } from "@std/assert";
 *
 * const line = Float32Array.of(0, 4);
 * const finer = resampleImage(line, { shape: [1, 1, 2], newShape: [1, 1, 4], order: 1 });
 * assertEquals([...finer], [0, 1, 3, 4]);
 * ```
 *
 * @param data Voxels in C order over `[D, H, W, channels]`; not changed. Values must be finite.
 * @param options Shapes, channels and order.
 * @returns A new array over `[newShape, channels]`.
 * @throws {RangeError} If the data do not have the shape, or a new size is not a positive integer.
 */
export function resampleImage(data: Float32Array, options: ResampleImageOptions): Float32Array {
  const { shape, newShape, channels = 1, order = 3, separateAxis } = options;
  checkShapes(data.length, options);
  if (separateAxis !== undefined) {
    return bySlices(data, {
      axis: separateAxis,
      shape,
      newShape,
      channels,
      create: (length) => new Float32Array(length),
      resample: (slice, shapes) => resampleImage(slice, { ...shapes, channels, order }),
    });
  }
  if (shape.every((size, axis) => size === newShape[axis])) return data.slice();
  let current = data;
  const sizes = [...shape];
  for (const axis of shrinkingFirst(shape, newShape)) {
    const weights = axisWeights(sizes[axis], newShape[axis], order);
    const outer = sizes.slice(0, axis).reduce((a, b) => a * b, 1);
    const inner = sizes.slice(axis + 1).reduce((a, b) => a * b, channels);
    current = resizeAxis(current, { outer, size: sizes[axis], inner }, weights);
    sizes[axis] = newShape[axis];
  }
  clipToRange(current, data, channels);
  return current;
}

function axisWeights(size: number, newSize: number, order: 1 | 3): AxisWeights {
  return order === 1 ? linearWeights(size, newSize) : cubicWeights(size, newSize, SPLINE_PAD);
}

function clipToRange(result: Float32Array, source: Float32Array, channels: number): void {
  for (let c = 0; c < channels; c++) {
    let low = Infinity, high = -Infinity;
    for (let i = c; i < source.length; i += channels) {
      if (source[i] < low) low = source[i];
      if (source[i] > high) high = source[i];
    }
    for (let i = c; i < result.length; i += channels) {
      if (result[i] < low) result[i] = low;
      else if (result[i] > high) result[i] = high;
    }
  }
}

function checkShapes(length: number, options: ResampleImageOptions): void {
  const { shape, newShape, channels = 1 } = options;
  const attempt = `Cannot resample from ${shape.join(" x ")} to ${newShape.join(" x ")} voxels`;
  const expected = shape[0] * shape[1] * shape[2] * channels;
  if (length !== expected) {
    throw new RangeError(`${attempt}: the data must hold ${expected} values, found ${length}`);
  }
  if (!newShape.every((size) => Number.isInteger(size) && size > 0)) {
    throw new RangeError(`${attempt}: every new size must be a positive whole number`);
  }
}
