/**
 * From the cases of a data set to its fingerprint.
 * @module
 */
import { describeIntensities } from "../normalize/describe_intensities.ts";
import type { IntensityProperties } from "../normalize/intensity_properties.ts";
import { percentile } from "../normalize/percentile.ts";
import { voxelsOf } from "../plan/per_axis.ts";
import type { DatasetFingerprint, IntensityStatistics } from "./dataset_fingerprint.ts";
import type { CaseFingerprint } from "./fingerprint_case.ts";

/**
 * Describes a data set by its cases: shapes, spacings, what cropping to nonzero leaves, class sizes, and the pool of the
 * intensities that were drawn from each case's foreground.
 *
 * Source: nnU-Net `fingerprint_extractor.py`. nnU-Net draws 100 million intensities in all, the pipeline's stages ten
 * million: means agree to a thousandth of the standard deviation, percentiles of small data sets to some hundredths.
 *
 * @example
 * ```ts
 * import { fingerprintDataset } from "@mednext/data";
 * import { assertEquals } from "@std/assert";
 *
 * const fingerprint = fingerprintDataset([{
 *   id: "a",
 *   shape: [10, 20, 40],
 *   shapeAfterCrop: [10, 20, 30],
 *   spacing: [5, 1, 1],
 *   classVoxels: { 2: 900 },
 *   intensities: [Float32Array.of(6, 8)],
 * }]);
 * assertEquals(fingerprint.spacings, [[5, 1, 1]]);
 * assertEquals(fingerprint.median_relative_size_after_cropping, 0.75);
 * assertEquals(fingerprint.foreground_intensity_properties_per_channel[0].mean, 7);
 * assertEquals(fingerprint.class_voxels, { 2: [900] });
 * ```
 *
 * @param cases What `fingerprintCase` tells of the cases with labels, with equally many intensities of each.
 * @returns The fingerprint, in the order of the cases; without intensities where no case has foreground.
 * @throws {RangeError} If there is no case.
 */
export function fingerprintDataset(cases: readonly CaseFingerprint[]): DatasetFingerprint {
  if (cases.length === 0) {
    throw new RangeError("Cannot describe a data set: expected at least one case, found none");
  }
  const drawn = cases.map(({ intensities }) => intensities);
  const hasForeground = drawn.some(([first]) => first.length > 0);
  const properties = hasForeground ? describeIntensities(drawn) : [];
  const shares = cases.map(({ shape, shapeAfterCrop }) =>
    voxelsOf(shapeAfterCrop) / voxelsOf(shape)
  );
  const labels = Object.keys(cases[0].classVoxels);
  return {
    spacings: cases.map(({ spacing }) => spacing),
    shapes_after_crop: cases.map(({ shapeAfterCrop }) => shapeAfterCrop),
    foreground_intensity_properties_per_channel: Object.fromEntries(
      properties.map((channel, i) => [i, statisticsOf(channel)]),
    ),
    median_relative_size_after_cropping: percentile(shares.sort((a, b) => a - b), 50),
    case_ids: cases.map(({ id }) => id),
    shapes: cases.map(({ shape }) => shape),
    class_voxels: Object.fromEntries(
      labels.map((label) => [label, cases.map(({ classVoxels }) => classVoxels[label])]),
    ),
  };
}

function statisticsOf(properties: IntensityProperties): IntensityStatistics {
  return {
    mean: properties.mean,
    median: properties.median,
    std: properties.standardDeviation,
    min: properties.minimum,
    max: properties.maximum,
    percentile_99_5: properties.percentile995,
    percentile_00_5: properties.percentile005,
  };
}
