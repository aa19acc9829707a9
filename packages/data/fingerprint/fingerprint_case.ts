/**
 * What one case adds to the fingerprint of its data set.
 * @module
 */
import { cropToNonzero } from "../crop_to_nonzero.ts";
import { replaceNonFinite } from "../normalize/replace_non_finite.ts";
import { sampleForeground } from "../normalize/sample_foreground.ts";
import { classesOf } from "../preprocess/classes_of.ts";
import { joinChannels } from "../preprocess/join_channels.ts";
import type { CaseVolumes } from "../preprocess_case.ts";
import { randomStream } from "../random.ts";
import { toCanonical } from "../to_canonical.ts";
import type { Triple, Volume } from "../volume.ts";

/** A case of which {@linkcode fingerprintCase} takes notice. */
export type LabelledCase = CaseVolumes & { label: Volume };

/** What is known of one case; axes D, H, W of its closest RAS orientation. Plain data: it can come from another thread. */
export interface CaseFingerprint {
  /** The case's name. */
  id: string;
  /** Voxels along D, H, W. */
  shape: Triple;
  /** The same inside the box around everything that is not 0. */
  shapeAfterCrop: Triple;
  /** Millimetres along D, H, W. */
  spacing: Triple;
  /** Label value above 0 (as text) -> its voxels. */
  classVoxels: Record<string, number>;
  /** For each channel intensities that were drawn from the foreground; nothing where there is none. */
  intensities: Float32Array[];
}

/** Options of {@linkcode fingerprintCase}. */
export interface FingerprintCaseOptions {
  /** The label values of the data set, background first. */
  labels: number[];
  /** The value of voxels that nobody labelled. @default {undefined} */
  ignoreLabel?: number;
  /** Intensities that are drawn in each channel. @default {10000} */
  samples?: number;
  /** Seed of the choice; it also depends on the case's name. @default {1234} */
  seed?: number;
}

/**
 * Describes a case: its shape and spacing in the closest RAS orientation, what cropping to nonzero leaves of it, how
 * many voxels each label has, and intensities drawn from its foreground (label above 0, what is to be ignored included).
 *
 * Source: nnU-Net `fingerprint_extractor.py`, `analyze_case`; nnU-Net does not reorient, and draws other random numbers.
 *
 * @example
 * ```ts
 * import { fingerprintCase, type Volume } from "@mednext/data";
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
 * const { intensities, ...rest } = fingerprintCase({ id: "a", images: [image], label }, {
 *   labels: [0, 2],
 *   samples: 3,
 * });
 * assertEquals(intensities, [Float32Array.of(7, 7, 7)]);
 * assertEquals(rest, {
 *   id: "a",
 *   shape: [1, 1, 4],
 *   shapeAfterCrop: [1, 1, 2],
 *   spacing: [5, 1, 1],
 *   classVoxels: { 2: 1 },
 * });
 * ```
 *
 * @param source The case's volumes, on one grid.
 * @param options The labels, and how intensities are drawn.
 * @returns What is known of it.
 * @throws {RangeError} If the label map holds a value that is no label.
 */
export function fingerprintCase(
  { id, images, label }: LabelledCase,
  options: FingerprintCaseOptions,
): CaseFingerprint {
  const { labels, ignoreLabel, samples = 10_000, seed = 1234 } = options;
  const { volume: { data, shape, spacing, channels } } = toCanonical(joinChannels(images));
  const image = new Float32Array(data);
  replaceNonFinite(image);
  const classes = classesOf(toCanonical(label).volume.data, { id, labels, ignoreLabel });
  const voxels = Array<number>(labels.length + 1).fill(0);
  for (const value of classes) voxels[value]++;
  const crop = cropToNonzero(image, { shape, channels, label: classes });
  const stream = randomStream(seed, "fingerprint", id);
  return {
    id,
    shape,
    shapeAfterCrop: crop.shape,
    spacing,
    classVoxels: Object.fromEntries(labels.map((value, i) => [value, voxels[i]]).slice(1)),
    intensities: sampleForeground(crop, { channels, samples, stream }),
  };
}
