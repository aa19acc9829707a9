/**
 * From a network's output to the image that it is about.
 * @module
 */
import type { CaseGeometry } from "./case_geometry.ts";
import { boxShape } from "./crop/copy_box.ts";
import { createMaskPainter, type MaskPainterOptions } from "./mask_painter.ts";
import { type LabelArray, resampleLabels } from "./resample/resample_labels.ts";
import { separateAxis } from "./resample/separate_axis.ts";
import { placeLabels } from "./restore/place_labels.ts";
import { createScoreResampler } from "./score_resampler.ts";
import type { Triple, Volume } from "./volume.ts";

/** Options of {@linkcode restoreMask}. */
export interface RestoreMaskOptions extends Omit<MaskPainterOptions, "classes"> {
  /**
   * Number of classes, if the values are scores (logits or probabilities) over `[D, H, W, classes]`
   * in a Float32Array; 0 if they are a mask. @default {0}
   */
  classes?: number;
}

/**
 * Brings a mask back to the image's own grid: its shape, orientation, spacing and affine, exactly.
 * Outside the cropped box it is background.
 *
 * Scores are better than a mask where the case was resampled: they are resampled linearly and the
 * class of the largest score is taken afterwards, or regions are painted (nnU-Net
 * `inference/export_prediction.py`); scores that come slab by slab are for `createScoreResampler` and
 * `createMaskPainter`. A mask is resampled class by class and set where a class reaches one half.
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
  const { classes = 0 } = options;
  checkLength(values.length, { shape: geometry.shape, classes });
  if (classes === 0) {
    const mask = values instanceof Int16Array ? values : Int32Array.from(values);
    return restoreClasses(mask, geometry, options.labels);
  }
  const painter = createMaskPainter(geometry, { ...options, classes });
  const scores = values instanceof Float32Array ? values : Float32Array.from(values);
  for (const row of createScoreResampler(geometry, { classes }).rows(scores)) painter.paint(row);
  return painter.finish();
}

function restoreClasses(classes: LabelArray, geometry: CaseGeometry, labels?: number[]): Volume {
  const { box, shape, spacing, newSpacing } = geometry;
  const cropped = resampleLabels(classes, {
    shape,
    newShape: boxShape(box),
    separateAxis: separateAxis({ from: newSpacing, to: spacing }),
  });
  let largest = 0;
  for (const value of cropped) if (value > largest) largest = value;
  const known = labels ?? Array.from({ length: largest + 1 }, (_, value) => value);
  let wrong: number | undefined;
  for (const value of cropped) if (known[value] === undefined) wrong ??= value;
  if (wrong === undefined) return placeLabels(cropped, geometry, known);
  const range = labels ? `0 to ${labels.length - 1}` : "0 on";
  throw new RangeError(`Cannot restore a mask: expected classes from ${range}, found ${wrong}`);
}

function checkLength(
  found: number,
  { shape, classes }: { shape: Triple; classes: number },
): void {
  const expected = shape[0] * shape[1] * shape[2] * Math.max(1, classes);
  if (found === expected) return;
  const what = classes > 0 ? `scores of ${classes} classes` : "a mask";
  throw new RangeError(
    `Cannot restore ${what}: the values must be ${expected} on a grid of ${shape.join(" x ")} ` +
      `voxels, found ${found}`,
  );
}
