/**
 * What a data set is like, as far as a plan depends on it.
 * @module
 */
import type { Triple } from "../volume.ts";

/** The foreground intensities of one channel over a data set, with nnU-Net's names. */
export interface IntensityStatistics {
  /** Mean. */
  mean: number;
  /** Median. */
  median: number;
  /** Standard deviation, dividing by the number of samples. */
  std: number;
  /** Smallest value. */
  min: number;
  /** Largest value. */
  max: number;
  /** 99.5 % of the values lie below. */
  percentile_99_5: number;
  /** 0.5 % of the values lie below. */
  percentile_00_5: number;
}

/**
 * The fingerprint of a data set: plain JSON. The first four fields are those of nnU-Net's
 * `dataset_fingerprint.json`, under its names; the others are our own. Lists have an entry for each
 * case with labels, in the order of `case_ids`; shapes and spacings run along D, H, W (z, y, x) of
 * the image in its closest RAS orientation. (nnU-Net does not reorient: its axes are those of the
 * files.)
 *
 * @example
 * ```ts
 * import type { DatasetFingerprint } from "@mednext/data";
 * import { assertEquals } from "@std/assert";
 *
 * const fingerprint: DatasetFingerprint = {
 *   spacings: [[5, 1, 1]],
 *   shapes_after_crop: [[20, 200, 180]],
 *   foreground_intensity_properties_per_channel: {},
 *   median_relative_size_after_cropping: 0.6,
 *   case_ids: ["patient_1"],
 *   shapes: [[20, 256, 234]],
 *   class_voxels: { 1: [5000] },
 * };
 * assertEquals(fingerprint.spacings.length, fingerprint.case_ids.length);
 * ```
 */
export interface DatasetFingerprint {
  /** Distance between voxels along D, H, W in millimetres. */
  spacings: Triple[];
  /** Voxels along D, H, W inside the box around everything that is not 0. */
  shapes_after_crop: Triple[];
  /** Number of the channel (`"0"`, `"1"`, …) -> its intensities where the label is above 0; nothing if it never is. */
  foreground_intensity_properties_per_channel: Record<string, IntensityStatistics>;
  /** Median over the cases of voxels after cropping divided by voxels before. */
  median_relative_size_after_cropping: number;
  /** The cases. */
  case_ids: string[];
  /** Voxels along D, H, W before cropping. */
  shapes: Triple[];
  /** Label value above 0 (as text) -> how many voxels of each case have it. */
  class_voxels: Record<string, number[]>;
}
