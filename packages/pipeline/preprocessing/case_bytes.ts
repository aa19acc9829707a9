import {
  type PreprocessingPlan,
  readVolumeInfo,
  type TestCase,
  type TrainingCase,
  type VolumeInfo,
} from "@mednext/data";

/** Bytes of a value as it is stored; types that are not here are of 64 bits. */
const STORED: Readonly<Record<string, number>> = {
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  uint32: 4,
  int32: 4,
  float32: 4,
};

/**
 * The most bytes that the preprocessing of a case is expected to take, by the headers of its files; 0
 * where they cannot be read, which will be found out when the case is.
 */
export async function caseBytes(
  entry: TestCase | TrainingCase,
  plan: Pick<PreprocessingPlan, "spacing">,
): Promise<number> {
  try {
    const images = await Promise.all(entry.images.map((image) => readVolumeInfo(image)));
    const labels = "label" in entry ? [await readVolumeInfo(entry.label)] : [];
    return estimate(images, labels, plan);
  } catch {
    return 0;
  }
}

function estimate(
  images: VolumeInfo[],
  labels: VolumeInfo[],
  { spacing }: Pick<PreprocessingPlan, "spacing">,
): number {
  const [first] = images;
  const voxels = product(first.shape);
  const channels = images.reduce((sum, image) => sum + image.channels, 0);
  const resampled = spacing ? voxels * product(first.spacing) / product(spacing) : voxels;
  // The file's bytes and their values; joined, reoriented, made finite and cropped in float32.
  const read = [...images, ...labels].reduce((sum, info) => sum + storedBytes(info), 0);
  const perVoxel = 16 * channels + 7;
  // Resampled in two steps and normalised in float32, and labels.
  const perResampled = 12 * channels + 6;
  return 2 * read + voxels * perVoxel + resampled * perResampled;
}

function storedBytes({ shape, channels, dtype }: VolumeInfo): number {
  return product(shape) * channels * (STORED[dtype] ?? 8);
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((result, size) => result * size, 1);
}
