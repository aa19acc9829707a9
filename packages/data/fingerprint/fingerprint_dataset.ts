/**
 * From the cases of a data set to its fingerprint.
 * @module
 */
import { cropToNonzero } from "../crop_to_nonzero.ts";
import {
  type ForegroundCase,
  type IntensityProperties,
  intensityProperties,
} from "../normalize/intensity_properties.ts";
import { percentile } from "../normalize/percentile.ts";
import { replaceNonFinite } from "../normalize/replace_non_finite.ts";
import { voxelsOf } from "../plan/per_axis.ts";
import { classesOf } from "../preprocess/classes_of.ts";
import { joinChannels } from "../preprocess/join_channels.ts";
import type { CaseVolumes } from "../preprocess_case.ts";
import { toCanonical } from "../to_canonical.ts";
import type { Triple, Volume } from "../volume.ts";
import type { DatasetFingerprint, IntensityStatistics } from "./dataset_fingerprint.ts";

/** A case of which {@linkcode fingerprintDataset} takes notice. */
export type LabelledCase = CaseVolumes & { label: Volume };

/** Options of {@linkcode fingerprintDataset}. */
export interface FingerprintDatasetOptions {
  /** How many cases there will be at most. */
  cases: number;
  /** Values in each voxel of an image. @default {1} */
  channels?: number;
  /** The label values, background first. */
  labels: number[];
  /** The value of voxels that nobody labelled. @default {undefined} */
  ignoreLabel?: number;
  /** Samples of intensities for each channel over all cases. @default {10000000} */
  samples?: number;
  /** Seed of the samples. @default {1234} */
  seed?: number;
}

/** What is known of one case. */
interface CaseFacts {
  id: string;
  shape: Triple;
  shapeAfterCrop: Triple;
  spacing: Triple;
  /** Voxels of each class, in the order of the labels. */
  voxels: number[];
}

/**
 * Describes a data set: shapes, spacings, what cropping to nonzero leaves, foreground intensities and class
 * sizes. One case is in memory at a time.
 *
 * Source: nnU-Net `fingerprint_extractor.py`. Each case is turned to its closest RAS orientation first, which nnU-Net
 * does not do. The intensities are those of `intensityProperties`: 10 million samples in all instead of nnU-Net's
 * 100 million, and other random numbers: means agree to a thousandth of the standard deviation, percentiles of small
 * data sets to some hundredths. As in nnU-Net, what is to be ignored counts as foreground there.
 *
 * @example
 * ```ts
 * import { fingerprintDataset, type Volume } from "@mednext/data";
 * import { assertEquals } from "@std/assert";
 *
 * const image: Volume = {
 *   data: Float32Array.of(0, 7, 3, 0),
 *   shape: [1, 1, 4],
 *   channels: 1,
 *   spacing: [5, 1, 1],
 *   affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 5, 0, 0, 0, 0, 1],
 * };
 * const label = { ...image, data: Uint8Array.of(0, 2, 0, 0) };
 * const fingerprint = await fingerprintDataset([{ id: "a", images: [image], label }], {
 *   cases: 1,
 *   labels: [0, 2],
 * });
 * assertEquals(fingerprint.spacings, [[5, 1, 1]]);
 * assertEquals(fingerprint.shapes_after_crop, [[1, 1, 2]]);
 * assertEquals(fingerprint.median_relative_size_after_cropping, 0.5);
 * assertEquals(fingerprint.foreground_intensity_properties_per_channel[0].mean, 7);
 * assertEquals(fingerprint.class_voxels, { 2: [1] });
 * ```
 *
 * @param cases The cases with labels, one at a time; image and label of each on one grid.
 * @param options Number of cases, channels, labels, and how intensities are sampled.
 * @returns The fingerprint, in the order of the cases.
 * @throws {RangeError} If no case has foreground, or a label map holds a value that is no label.
 */
export async function fingerprintDataset(
  cases: Iterable<LabelledCase> | AsyncIterable<LabelledCase>,
  options: FingerprintDatasetOptions,
): Promise<DatasetFingerprint> {
  const { labels, ...sampling } = options;
  const facts: CaseFacts[] = [];
  async function* foreground(): AsyncGenerator<ForegroundCase> {
    for await (const source of cases) {
      const described = describeCase(source, options);
      facts.push(described.facts);
      yield described;
    }
  }
  const intensities = await intensityProperties(foreground(), sampling);
  const shares = facts.map(({ shape, shapeAfterCrop }) =>
    voxelsOf(shapeAfterCrop) / voxelsOf(shape)
  );
  return {
    spacings: facts.map(({ spacing }) => spacing),
    shapes_after_crop: facts.map(({ shapeAfterCrop }) => shapeAfterCrop),
    foreground_intensity_properties_per_channel: Object.fromEntries(
      intensities.map((properties, channel) => [channel, statisticsOf(properties)]),
    ),
    median_relative_size_after_cropping: percentile(shares.sort((a, b) => a - b), 50),
    case_ids: facts.map(({ id }) => id),
    shapes: facts.map(({ shape }) => shape),
    class_voxels: Object.fromEntries(
      labels.slice(1).map((value, i) => [value, facts.map(({ voxels }) => voxels[i + 1])]),
    ),
  };
}

function describeCase(
  { id, images, label }: LabelledCase,
  { labels, ignoreLabel }: FingerprintDatasetOptions,
): ForegroundCase & { facts: CaseFacts } {
  const { volume: { data, shape, spacing, channels } } = toCanonical(joinChannels(images));
  const image = new Float32Array(data);
  replaceNonFinite(image);
  const classes = classesOf(toCanonical(label).volume.data, { id, labels, ignoreLabel });
  const crop = cropToNonzero(image, { shape, channels, label: classes });
  const voxels = Array<number>(labels.length + 1).fill(0);
  for (const value of classes) voxels[value]++;
  return {
    image: crop.image,
    label: crop.label,
    facts: { id, shape, shapeAfterCrop: crop.shape, spacing, voxels },
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
