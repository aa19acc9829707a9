/**
 * From a network's output to the image that it is about.
 * @module
 */
import type { CaseGeometry } from "./case_geometry.ts";
import { boxShape, copyIntoBox } from "./crop/copy_box.ts";
import { fromCanonical } from "./from_canonical.ts";
import { resampleLabels } from "./resample/resample_labels.ts";
import { checkRestoring, labelArray } from "./restore/label_array.ts";
import { largestScore } from "./restore/largest_score.ts";
import type { Volume } from "./volume.ts";

/** Options of {@linkcode restoreMask}. */
export interface RestoreMaskOptions {
  /**
   * Number of classes, if the values are scores (logits or probabilities) over `[D, H, W, classes]`
   * in a Float32Array; 0 if they are a mask. @default {0}
   */
  classes?: number;
  /** The label value of each class, as in the plan; classes themselves if left out. @default {undefined} */
  labels?: number[];
}

/**
 * Brings a mask back to the image's own grid: its shape, orientation, spacing and affine, exactly.
 * Outside the cropped box it is background.
 *
 * Scores are better than a mask where the case was resampled: they are resampled linearly and the
 * class of the largest score is taken afterwards, one class at a time (nnU-Net
 * `inference/export_prediction.py`). A mask is resampled class by class and set where a class reaches one half.
 *
 * @example
 * ```ts
 * import { preprocessCase, restoreMask, type Volume } from "@mednext/data";
 * import { assertEquals } from "@std/assert";
 *
 * const image: Volume = {
 *   data: Float32Array.of(0, 1, 3, 0),
 *   shape: [1, 1, 4],
 *   channels: 1,
 *   spacing: [1, 1, 1],
 *   affine: [-1, 0, 0, 7, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
 * };
 * const plan = { normalization: [{ scheme: "zscore" as const }] };
 * const { geometry } = preprocessCase({ id: "a", images: [image] }, plan);
 * const mask = restoreMask(Int32Array.of(2, 1), geometry);
 * assertEquals([...mask.data], [0, 1, 2, 0]); // W runs to the left in the file
 * assertEquals(mask.affine, image.affine);
 * ```
 *
 * @param values Classes over `[D, H, W]` of the network's grid, or scores over `[D, H, W, classes]`.
 * @param geometry Where the case lies in its image.
 * @param options Number of classes for scores, and label values.
 * @returns A label map in the smallest of Uint8Array, Uint16Array and Int32Array that holds its labels.
 * @throws {RangeError} If the values do not have the shape of the grid, or a class has no label.
 */
export function restoreMask(
  values: Float32Array | Int32Array | Int16Array | Uint16Array | Uint8Array,
  geometry: CaseGeometry,
  options: RestoreMaskOptions = {},
): Volume {
  const { classes = 0, labels } = options;
  const { orientation, box, shape } = geometry;
  checkRestoring(values.length, { shape, classes, labels });
  const cropped = classes > 0
    ? largestScore(scoresOf(values), { shape, newShape: boxShape(box), classes })
    : resampleLabels(Int16Array.from(values), { shape, newShape: boxShape(box) });
  const { shape: whole, affine } = orientation.canonical;
  const label = labelArray(whole[0] * whole[1] * whole[2], { cropped, labels });
  const canonical: Volume = {
    data: copyIntoBox(label.cropped, label.whole, { shape: whole, box }),
    shape: whole,
    channels: 1,
    spacing: geometry.spacing,
    affine,
  };
  return fromCanonical(canonical, orientation);
}

function scoresOf(values: ArrayLike<number>): Float32Array {
  return values instanceof Float32Array ? values : Float32Array.from(values);
}
