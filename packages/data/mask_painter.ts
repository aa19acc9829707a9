/**
 * From scores in the image's grid to a label map, row by row.
 * @module
 */
import type { CaseGeometry } from "./case_geometry.ts";
import { boxShape } from "./crop/copy_box.ts";
import { placeLabels } from "./restore/place_labels.ts";
import type { ScoreRow } from "./score_resampler.ts";
import type { Volume } from "./volume.ts";

/** Options of {@linkcode createMaskPainter}. */
export interface MaskPainterOptions {
  /** Number of scores in each voxel: classes, or regions. */
  classes: number;
  /** The label value of each class; classes themselves if left out. @default {undefined} */
  labels?: number[];
  /**
   * The label value that each region is painted with, if the scores are of regions: later regions
   * paint over earlier ones, and what is in none is background. @default {undefined}
   */
  regionsClassOrder?: number[];
  /** A region is where its score is above this: 0 for logits, 0.5 for probabilities. @default {0} */
  threshold?: number;
}

/** Takes rows of scores, in any order, and keeps a label for each voxel. */
export interface MaskPainter {
  /** Decides the voxels of a row of the case's cropped box. */
  paint(row: ScoreRow): void;
  /** The label map in the image's own grid: its shape, orientation, spacing and affine, exactly. */
  finish(): Volume;
}

/**
 * Makes a mask out of scores, row by row along D: the class of the largest score, the first of equals,
 * or the regions painted in their order. Outside of the cropped box it is background.
 *
 * Source: nnU-Net v2, `inference/export_prediction.py` and `utilities/label_handling/label_handling.py`,
 * `convert_probabilities_to_segmentation`.
 *
 * @example Two rows of two classes
 * ```ts
 * import { createMaskPainter, preprocessCase } from "@mednext/data";
 * import { assertEquals } from "@std/assert";
 *
 * const image = {
 *   data: Float32Array.of(1, 2),
 *   shape: [2, 1, 1] as [number, number, number],
 *   channels: 1,
 *   spacing: [1, 1, 1] as [number, number, number],
 *   affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
 * };
 * const plan = { normalization: [{ scheme: "none" as const }] };
 * const { geometry } = preprocessCase({ id: "a", images: [image] }, plan);
 * const painter = createMaskPainter(geometry, { classes: 2, labels: [0, 7] });
 * painter.paint({ index: 0, scores: Float32Array.of(0.1, 0.9) });
 * painter.paint({ index: 1, scores: Float32Array.of(0.8, 0.2) });
 * assertEquals(painter.finish().data, Uint8Array.of(7, 0));
 * ```
 *
 * @param geometry Where the case lies in its image.
 * @param options What the scores are of.
 * @returns The painter; it holds one or two bytes for each voxel of the box.
 * @throws {RangeError} If a class or region has no label, or a row is not one of the box.
 */
export function createMaskPainter(
  geometry: CaseGeometry,
  options: MaskPainterOptions,
): MaskPainter {
  const { classes, regionsClassOrder, threshold = 0 } = options;
  const values = labelValues(options);
  const [depth, height, width] = boxShape(geometry.box);
  const rowVoxels = height * width;
  const Kind = values.length <= 2 ** 8 ? Uint8Array : Uint16Array;
  const decided = new Kind(depth * rowVoxels);
  const decide = regionsClassOrder === undefined
    ? (scores: Float32Array, at: number) => largest(scores, at, classes)
    : (scores: Float32Array, at: number) => lastRegion(scores, at, { classes, threshold });
  return {
    paint({ index, scores }) {
      if (!(index >= 0 && index < depth && scores.length === rowVoxels * classes)) {
        throw new RangeError(
          `Cannot paint row ${index} of ${depth}: expected ${rowVoxels * classes} scores, found ` +
            scores.length,
        );
      }
      const first = index * rowVoxels;
      for (let voxel = 0, at = 0; voxel < rowVoxels; voxel++, at += classes) {
        decided[first + voxel] = decide(scores, at);
      }
    },
    finish: () => placeLabels(decided, geometry, values),
  };
}

/** The label value of each decision: of each class, or of the background and of each region. */
function labelValues({ classes, labels, regionsClassOrder }: MaskPainterOptions): number[] {
  const given = regionsClassOrder ?? labels ?? Array.from({ length: classes }, (_, c) => c);
  if (given.length < classes) {
    const what = regionsClassOrder ? "region" : "class";
    throw new RangeError(
      `Cannot restore scores of ${classes} ${regionsClassOrder ? "regions" : "classes"}: every ` +
        `${what} needs a label, found ${given.length} labels`,
    );
  }
  return regionsClassOrder ? [0, ...regionsClassOrder] : given;
}

function largest(scores: Float32Array, at: number, classes: number): number {
  let best = 0;
  for (let c = 1; c < classes; c++) if (scores[at + c] > scores[at + best]) best = c;
  return best;
}

/** One more than the region that is painted last, 0 for none. */
function lastRegion(
  scores: Float32Array,
  at: number,
  { classes, threshold }: { classes: number; threshold: number },
): number {
  let region = classes;
  while (region > 0 && !(scores[at + region - 1] > threshold)) region--;
  return region;
}
