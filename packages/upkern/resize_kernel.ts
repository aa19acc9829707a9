/**
 * One depthwise kernel, made larger.
 * @module
 */
import type { Parameter } from "./state_dict.ts";

/** For each tap of the resized axis: the two taps it lies between, and how far towards the second. */
interface Taps {
  lower: number[];
  upper: number[];
  fraction: number[];
}

/**
 * Half-pixel centres (`align_corners = false`): tap t of `size` lies at (t + 1/2) · length / size - 1/2
 * of the old axis, and beyond the outermost taps the outermost value holds.
 */
function tapsOf(length: number, size: number): Taps {
  const taps: Taps = { lower: [], upper: [], fraction: [] };
  for (let tap = 0; tap < size; tap++) {
    const position = Math.max(0, (tap + 0.5) * length / size - 0.5);
    const lower = Math.min(Math.floor(position), length - 1);
    taps.lower.push(lower);
    taps.upper.push(Math.min(lower + 1, length - 1));
    taps.fraction.push(position - lower);
  }
  return taps;
}

/** Resizes the middle axis of `[outer, length, inner]` to `size`. */
function resizeAxis(
  values: Float64Array,
  axis: { outer: number; length: number; inner: number; size: number },
): Float64Array {
  const { outer, length, inner, size } = axis;
  const { lower, upper, fraction } = tapsOf(length, size);
  const resized = new Float64Array(outer * size * inner);
  for (let row = 0; row < outer; row++) {
    for (let tap = 0; tap < size; tap++) {
      const a = (row * length + lower[tap]) * inner;
      const b = (row * length + upper[tap]) * inner;
      const to = (row * size + tap) * inner;
      const weight = fraction[tap];
      for (let i = 0; i < inner; i++) {
        resized[to + i] = (1 - weight) * values[a + i] + weight * values[b + i];
      }
    }
  }
  return resized;
}

/**
 * Resizes the spatial axes of a depthwise kernel by linear interpolation along each, with half-pixel
 * centres and no rescaling, as `torch.nn.functional.interpolate(mode="trilinear")` (bilinear for
 * two axes) with `align_corners=False` does.
 *
 * A row of three taps becomes `[w0, .6·w0 + .4·w1, w1, .4·w1 + .6·w2, w2]`. The sum of the kernel is not
 * kept: a constant kernel stays constant. The normalisation that follows takes the gain away.
 *
 * @example
 * ```ts
 * import { resizeKernel } from "@mednext/upkern";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const row = { shape: [1, 1, 1, 3], data: new Float32Array([1, 2, 4]) };
 * const { data } = resizeKernel(row, [1, 5]);
 * [1, 1.4, 2, 3.2, 4].forEach((value, tap) => assertAlmostEquals(data[tap], value, 1e-6));
 * ```
 * @param kernel `[c, 1, k, k, k]` or `[c, 1, k, k]`: everything after the first two axes is spatial. It is
 * not changed.
 * @param size The new size of each spatial axis.
 * @returns A kernel of its own, `[c, 1, ...size]`.
 * @throws {RangeError} If `size` does not have one positive integer for each spatial axis, or the values do not fill the shape.
 */
export function resizeKernel(kernel: Parameter, size: readonly number[]): Parameter {
  const spatial = kernel.shape.slice(2);
  if (size.length !== spatial.length || size.some((n) => !Number.isInteger(n) || n < 1)) {
    throw new RangeError(
      `Cannot resize a kernel of shape [${kernel.shape.join(", ")}] to [${size.join(", ")}]: ` +
        `expected ${spatial.length} positive integers, one for each spatial axis`,
    );
  }
  const count = kernel.shape.reduce((product, n) => product * n, 1);
  if (kernel.data.length !== count) {
    throw new RangeError(
      `Cannot resize a kernel of shape [${kernel.shape.join(", ")}]: ` +
        `expected ${count} values, found ${kernel.data.length}`,
    );
  }
  const shape = [...kernel.shape];
  let values: Float64Array = Float64Array.from(kernel.data);
  for (let axis = 2; axis < shape.length; axis++) {
    const outer = shape.slice(0, axis).reduce((product, n) => product * n, 1);
    const inner = shape.slice(axis + 1).reduce((product, n) => product * n, 1);
    values = resizeAxis(values, { outer, length: shape[axis], inner, size: size[axis - 2] });
    shape[axis] = size[axis - 2];
  }
  return { shape, data: Float32Array.from(values) };
}
