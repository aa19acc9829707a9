/**
 * From a network's scores to scores in the image's grid, row by row.
 * @module
 */
import type { CaseGeometry } from "./case_geometry.ts";
import { boxShape } from "./crop/copy_box.ts";
import { type AxisWeights, linearWeights, nearestWeights } from "./resample/axis_weights.ts";
import { blendAxis } from "./resample/blend_axis.ts";
import { separateAxis } from "./resample/separate_axis.ts";
import { shrinkingFirst } from "./resample/shrinking_first.ts";

/** The scores of one row along D. */
export interface ScoreRow {
  /** Which row of the case's cropped box. */
  index: number;
  /** `[H, W, classes]` of the box in C order; valid until the next row is asked for. */
  scores: Float32Array;
}

/** Takes scores as they come and gives them back on the case's cropped box. */
export interface ScoreResampler {
  /**
   * The rows that are known once these are, in order, each once.
   *
   * @param slab The next rows along D of the network's grid, `[rows, H, W, classes]` in C order.
   * @returns Rows of the box; all must be taken before the next slab is given.
   */
  rows(slab: Float32Array): Generator<ScoreRow>;
}

/**
 * Resamples scores (logits or probabilities) linearly from the network's grid to the case's cropped
 * box before it was resampled, one row along D at a time: no more of them is held than the last
 * rows, which the next slab is needed for. The values are those of `resampleImage` with order 1 and
 * `separateAxis` on the whole, bit for bit, however the rows are cut into slabs.
 *
 * Source: nnU-Net v2, `inference/export_prediction.py`, which resamples the logits of a whole volume.
 *
 * @example Two network rows for each row of the image
 * ```ts
 * import { createScoreResampler, preprocessCase } from "@mednext/data";
 * import { assertEquals } from "@std/assert";
 *
 * const image = {
 *   data: Float32Array.of(1, 2),
 *   shape: [2, 1, 1] as [number, number, number],
 *   channels: 1,
 *   spacing: [2, 1, 1] as [number, number, number],
 *   affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1],
 * };
 * const { geometry } = preprocessCase({ id: "a", images: [image] }, {
 *   spacing: [1, 1, 1],
 *   normalization: [{ scheme: "none" }],
 * });
 * assertEquals(geometry.shape, [4, 1, 1]);
 * const resampler = createScoreResampler(geometry, { classes: 1 });
 * const slabs = [Float32Array.of(1), Float32Array.of(2, 3), Float32Array.of(4)];
 * const rows = slabs.flatMap((slab) => [...resampler.rows(slab)]);
 * assertEquals(rows.map(({ index, scores }) => [index, scores[0]]), [[0, 1.5], [1, 3.5]]);
 * ```
 *
 * @param geometry Where the case lies in its image.
 * @param options The number of classes.
 * @returns The resampler; it holds the state of one case.
 * @throws {RangeError} From `rows`, if a slab is no whole number of rows or there are too many.
 */
export function createScoreResampler(
  geometry: CaseGeometry,
  options: { classes: number },
): ScoreResampler {
  const { shape } = geometry;
  const newShape = boxShape(geometry.box);
  const axes = shrinkingFirst(shape, newShape);
  const separate = separateAxis({ from: geometry.newSpacing, to: geometry.spacing });
  const weights = shape.map((size, axis) =>
    axis === separate ? nearestWeights(size, newShape[axis]) : linearWeights(size, newShape[axis])
  );
  const rowLength = shape[1] * shape[2] * options.classes;
  const last = (row: number) =>
    axes.includes(0) ? Math.min(weights[0].first[row] + 1, shape[0] - 1) : row;

  /** One row of the box out of the rows of the network's grid that it is made from. */
  function resampled(row: number, source: Float32Array): Float32Array {
    const sizes = [source.length / rowLength, shape[1], shape[2], options.classes];
    return axes.reduce((current, axis) => {
      const size = sizes[axis];
      const outer = product(sizes.slice(0, axis)), inner = product(sizes.slice(axis + 1));
      sizes[axis] = axis === 0 ? 1 : newShape[axis];
      const used = axis === 0 ? weightsOf(weights[0], row) : weights[axis];
      return blendAxis(current, { outer, size, inner }, used);
    }, source);
  }

  /** Rows of the network's grid from `begin` on that later rows of the box need. */
  let kept = new Float32Array(0);
  let begin = 0, next = 0;
  return {
    *rows(slab) {
      checkSlab(slab.length, { rowLength, received: begin + kept.length / rowLength, shape });
      const end = begin + (kept.length + slab.length) / rowLength;
      const rowsFrom = (start: number, stop: number): Float32Array => {
        const split = kept.length / rowLength + begin;
        if (start >= split) {
          return slab.subarray((start - split) * rowLength, (stop - split) * rowLength);
        }
        const old = kept.subarray((start - begin) * rowLength, (stop - begin) * rowLength);
        return stop <= split ? old : joined(old, slab.subarray(0, (stop - split) * rowLength));
      };
      const first = (row: number) => axes.includes(0) ? weights[0].first[row] : row;
      for (; next < newShape[0] && last(next) < end; next++) {
        yield { index: next, scores: resampled(next, rowsFrom(first(next), last(next) + 1)) };
      }
      const from = next < newShape[0] ? Math.min(first(next), end) : end;
      kept = rowsFrom(from, end).slice();
      begin = from;
    },
  };
}

/** The weights of one output alone, counted from its first input. */
function weightsOf({ taps, weights, pad }: AxisWeights, row: number): AxisWeights {
  const first = new Int32Array(1);
  return { taps, first, weights: weights.subarray(taps * row, taps * (row + 1)), pad };
}

function joined(a: Float32Array, b: Float32Array): Float32Array {
  const result = new Float32Array(a.length + b.length);
  result.set(a);
  result.set(b, a.length);
  return result;
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((result, size) => result * size, 1);
}

function checkSlab(
  length: number,
  { rowLength, received, shape }: { rowLength: number; received: number; shape: readonly number[] },
): void {
  const rows = length / rowLength;
  if (Number.isInteger(rows) && received + rows <= shape[0]) return;
  throw new RangeError(
    `Cannot resample scores: expected whole rows of ${rowLength} values, ${
      shape[0] - received
    } at most, found ${length} values`,
  );
}
