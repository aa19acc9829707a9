import type { Triple } from "../volume.ts";
import { linearWeights } from "./axis_weights.ts";
import { bySlices } from "./by_slices.ts";

/** Arrays that labels are resampled in. */
export type LabelArray = Int16Array | Int32Array;

/** Options of {@linkcode resampleLabels}. */
export interface ResampleLabelsOptions {
  /** The shape `[D, H, W]` of the labels. */
  shape: Triple;
  /** The shape `[D, H, W]` wanted. */
  newShape: Triple;
  /**
   * `linear`: each label's indicator is interpolated linearly and the label set where it reaches
   * one half, 0 where none does. `nearest`: the label of the nearest voxel.
   * @default {"linear"}
   */
  method?: "linear" | "nearest";
  /**
   * The axis (0, 1, 2 for D, H, W) across which each slice is resampled by itself, as `separateAxis`
   * gives it; along it the nearest slice is taken. @default {undefined}
   */
  separateAxis?: number;
}

/**
 * Resamples a label map to another shape over the same extent; no new label can arise.
 *
 * `linear` is nnU-Net's way for labels (`batchgenerators` `resize_segmentation` with order 1): on a
 * tie at exactly one half the larger label wins. The work does not depend on the number of labels.
 *
 * @example
 * ```ts
 * import { resampleLabels } from "@mednext/data/resample-labels";
 * import { assertEquals } from "@std/assert";
 *
 * const labels = resampleLabels(Int16Array.of(0, 7), { shape: [1, 1, 2], newShape: [1, 1, 4] });
 * assertEquals([...labels], [0, 0, 7, 7]);
 * ```
 *
 * @param labels Labels in C order over `[D, H, W]`; not changed.
 * @param options Shapes and method.
 * @returns A new array of the same kind over `newShape`.
 * @throws {RangeError} If the labels do not have the shape.
 */
export function resampleLabels<T extends LabelArray>(labels: T, options: ResampleLabelsOptions): T {
  const { shape, newShape, method = "linear", separateAxis } = options;
  const expected = shape[0] * shape[1] * shape[2];
  if (labels.length !== expected) {
    throw new RangeError(
      `Cannot resample labels from ${shape.join(" x ")} to ${newShape.join(" x ")} voxels: ` +
        `the data must hold ${expected} values, found ${labels.length}`,
    );
  }
  if (shape.every((size, axis) => size === newShape[axis])) return labels.slice() as T;
  const Kind = labels.constructor as new (length: number) => T;
  if (separateAxis !== undefined) {
    return bySlices(labels, {
      axis: separateAxis,
      shape,
      newShape,
      channels: 1,
      create: (length) => new Kind(length),
      resample: (slice, shapes) => resampleLabels(slice, { ...shapes, method }),
    });
  }
  const result = new Kind(newShape[0] * newShape[1] * newShape[2]);
  const resample = method === "nearest" ? nearest : linear;
  resample(labels, result, { shape, newShape });
  return result;
}

/** The shapes `[D, H, W]` before and after. */
interface Shapes {
  shape: Triple;
  newShape: Triple;
}

function nearest(labels: LabelArray, result: LabelArray, { shape, newShape }: Shapes): void {
  // The voxel whose extent holds the new centre; a centre on a border belongs to the upper voxel.
  const [zs, ys, xs] = shape.map((size, axis) =>
    Array.from(
      { length: newShape[axis] },
      (_, i) => Math.min(size - 1, Math.floor((i + 0.5) * size / newShape[axis])),
    )
  );
  let at = 0;
  for (const z of zs) {
    for (const y of ys) {
      const row = (z * shape[1] + y) * shape[2];
      for (const x of xs) result[at++] = labels[row + x];
    }
  }
}

function linear(labels: LabelArray, result: LabelArray, { shape, newShape }: Shapes): void {
  const [az, ay, ax] = shape.map((size, axis) => linearWeights(size, newShape[axis]));
  const corners = cornerOffsets(shape);
  const weights = new Float64Array(8), found = new Int32Array(8);
  let at = 0;
  for (let z = 0; z < newShape[0]; z++) {
    for (let y = 0; y < newShape[1]; y++) {
      const row = (az.first[z] * shape[1] + ay.first[y]) * shape[2];
      for (let x = 0; x < newShape[2]; x++, at++) {
        const base = row + ax.first[x];
        let isUniform = true;
        for (let k = 0; k < 8; k++) {
          found[k] = labels[base + corners[k]];
          if (found[k] !== found[0]) isUniform = false;
        }
        if (isUniform) {
          result[at] = found[0];
          continue;
        }
        for (let k = 0; k < 8; k++) { // the order of the products is scipy's
          weights[k] = az.weights[2 * z + (k >> 2)] * ay.weights[2 * y + ((k >> 1) & 1)] *
            ax.weights[2 * x + (k & 1)];
        }
        result[at] = halfOrMore(found, weights);
      }
    }
  }
}

/** From a voxel to the eight corners of its cell; axes of one voxel have no second corner. */
function cornerOffsets([depth, height, width]: Triple): number[] {
  const z = depth > 1 ? height * width : 0, y = height > 1 ? width : 0, x = width > 1 ? 1 : 0;
  return [0, x, y, y + x, z, z + x, z + y, z + y + x];
}

/** The largest label whose weights sum to one half or more; 0 if there is none. */
function halfOrMore(found: Int32Array, weights: Float64Array): number {
  let best = 0, hasBest = false;
  for (let k = 0; k < 8; k++) {
    if (hasBest && found[k] <= best) continue;
    let sum = 0;
    for (let j = 0; j < 8; j++) if (found[j] === found[k]) sum += weights[j];
    if (sum >= 0.5) {
      best = found[k];
      hasBest = true;
    }
  }
  return best;
}
