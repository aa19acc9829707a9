/**
 * From the volumes of a case to what a network is trained on.
 * @module
 */
import { annotatedVoxels } from "./annotated_voxels.ts";
import type { CaseGeometry } from "./case_geometry.ts";
import { cropToNonzero, type NonzeroCrop } from "./crop_to_nonzero.ts";
import { foregroundLocations } from "./foreground_locations.ts";
import type { ChannelNormalization } from "./normalize.ts";
import { normalizeInPlace } from "./normalize/normalize_in_place.ts";
import { replaceNonFinite } from "./normalize/replace_non_finite.ts";
import type { SampledCase } from "./patch_sampler.ts";
import { classesOf } from "./preprocess/classes_of.ts";
import { joinChannels } from "./preprocess/join_channels.ts";
import { resampleImage } from "./resample/resample_image.ts";
import { resampleLabels } from "./resample/resample_labels.ts";
import { resampledShape } from "./resample/resampled_shape.ts";
import { separateAxis } from "./resample/separate_axis.ts";
import { sameGrid } from "./same_grid.ts";
import { toCanonical } from "./to_canonical.ts";
import type { Triple, Volume } from "./volume.ts";

/** The volumes of one case, all on one grid. */
export interface CaseVolumes {
  /** The case's name, for messages. */
  id: string;
  /** One volume for each channel, or volumes of several channels, in order. */
  images: Volume[];
  /** The label map, if there is one. */
  label?: Volume;
}

/** How cases are preprocessed. Plain JSON: it belongs with the weights that are trained on it. */
export interface PreprocessingPlan {
  /**
   * For each axis of the result the axis of the image in its closest RAS orientation (0, 1, 2 for
   * D, H, W) that it is: nnU-Net's `transpose_forward`, which puts the coarsest axis first.
   * @default {[0, 1, 2]}
   */
  transpose?: Triple;
  /**
   * Spacing of the result along D, H, W, after `transpose`, in millimetres; each image's own if left out.
   * The paper: 1 x 1 x 1. @default {undefined}
   */
  spacing?: Triple;
  /** How each channel is normalised, in order. */
  normalization: ChannelNormalization[];
  /**
   * `resample-first` is the order of nnU-Net v1, which the paper used; `normalize-first` that of
   * nnU-Net v2. @default {"resample-first"}
   */
  order?: "resample-first" | "normalize-first";
  /**
   * The label value of each class, such as `[0, 21, 22]`: labels become 0, 1, 2. If left out,
   * label values are classes. @default {undefined}
   */
  labels?: number[];
  /**
   * The label value of voxels that nobody labelled; they become `labels.length`. Needs `labels`.
   * @default {undefined}
   */
  ignoreLabel?: number;
  /**
   * The label values of each region; foreground locations are then those of regions. Needs `labels`.
   * @default {undefined}
   */
  regions?: number[][];
  /** Seed of the foreground locations. @default {1234} */
  seed?: number;
}

/** A case ready for a network. */
export interface PreprocessedCase extends SampledCase {
  /** The case's name. */
  id: string;
  /** Spacing along D, H, W in millimetres. */
  spacing: Triple;
  /** How many values of the image were NaN or infinite; they became 0. */
  replacedValues: number;
  /** Where the case lies in its image. */
  geometry: CaseGeometry;
}

/**
 * Preprocesses a case: to the closest RAS orientation (D, H, W run to superior, anterior, right, unless
 * the plan transposes them), NaN and infinite values to 0, cropped to nonzero, resampled to the plan's
 * spacing (images by cubic splines, labels linearly, slice by slice where `separateAxis` says so) and
 * normalised. Where the spacing fits already, nothing is resampled.
 *
 * Source: nnU-Net `preprocessing/preprocessors/default_preprocessor.py`; nnU-Net itself does not
 * reorient.
 *
 * @example
 * ```ts
 * import { preprocessCase, type Volume } from "@mednext/data";
 * import { assertEquals } from "@std/assert";
 *
 * const image: Volume = {
 *   data: Float32Array.of(0, 1, 3, 0),
 *   shape: [1, 1, 4],
 *   channels: 1,
 *   spacing: [1, 1, 1],
 *   affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
 * };
 * const plan = { normalization: [{ scheme: "zscore" as const }] };
 * const result = preprocessCase({ id: "a", images: [image] }, plan);
 * assertEquals(result.image, Float32Array.of(-1, 1));
 * assertEquals(result.geometry.box, { start: [0, 0, 1], stop: [1, 1, 3] });
 * ```
 *
 * @param source The case's volumes; not changed.
 * @param plan How to preprocess.
 * @returns The case over `[D, H, W, C]`, its labels as classes (-1 outside the nonzero mask).
 * @throws {RangeError} If the volumes are not on one grid, the channels are not those of the plan,
 * the label map holds a value that is no class, or the image would have more than 4 GiB.
 */
export function preprocessCase(source: CaseVolumes, plan: PreprocessingPlan): PreprocessedCase {
  const { id, images, label } = source;
  checkCase(source, plan);
  const { transpose } = plan;
  const { volume, orientation } = toCanonical(joinChannels(images), { transpose });
  const { channels, spacing } = volume;
  const whole = new Float32Array(volume.data);
  const replacedValues = replaceNonFinite(whole);
  const classes = label &&
    classesOf(toCanonical(label, { transpose }).volume.data, { ...plan, id });
  const crop = cropToNonzero(whole, { shape: volume.shape, channels, label: classes });

  const target = plan.spacing ?? spacing;
  const shape = resampledShape(crop.shape, { from: spacing, to: target });
  checkSize(shape, { id, channels, from: spacing, to: target });
  const { image, mask } = toGrid(crop, { plan, channels, shape, from: spacing, to: target });
  return {
    id,
    image,
    label: label && mask,
    shape,
    channels,
    spacing: [...target],
    ...(label ? locations(mask, plan) : { foreground: [] }),
    replacedValues,
    geometry: { orientation, box: crop.box, spacing, newSpacing: [...target], shape },
  };
}

/** Resamples and normalises what was cropped, which is used up. */
function toGrid(
  crop: NonzeroCrop,
  { plan, channels, shape, from, to }: {
    plan: PreprocessingPlan;
    channels: number;
    shape: Triple;
    from: Triple;
    to: Triple;
  },
): { image: Float32Array; mask: Int16Array } {
  const resizing = { shape: crop.shape, newShape: shape, separateAxis: separateAxis({ from, to }) };
  const fits = shape.every((size, axis) => size === crop.shape[axis]);
  const mask = fits ? crop.label : resampleLabels(crop.label, resizing);
  const isFirst = plan.order === "normalize-first";
  const label = isFirst ? crop.label : mask;
  let { image } = crop;
  if (isFirst) normalizeInPlace(image, { channels: plan.normalization, label });
  if (!fits) image = resampleImage(image, { ...resizing, channels });
  if (!isFirst) normalizeInPlace(image, { channels: plan.normalization, label });
  return { image, mask };
}

/** Where patches can be centred. */
function locations(
  label: Int16Array,
  { labels = [], ignoreLabel, regions, seed }: PreprocessingPlan,
): Pick<PreprocessedCase, "foreground" | "annotated"> {
  const ignoreClass = ignoreLabel === undefined ? undefined : labels.length;
  const foreground = foregroundLocations(label, {
    seed,
    ignoreClass,
    regions: regions?.map((values) => values.map((value) => labels.indexOf(value))),
  });
  if (ignoreClass === undefined) return { foreground };
  const annotated = annotatedVoxels(label, { ignoreClass, seed });
  return annotated.length === 0 ? { foreground } : { foreground, annotated };
}

/** More bytes than these are not allocated for a resampled image. */
const LARGEST_IMAGE = 2 ** 32;

function checkSize(
  shape: Triple,
  { id, channels, from, to }: { id: string; channels: number; from: Triple; to: Triple },
): void {
  const bytes = shape.reduce((product, size) => product * size, 4 * channels);
  if (bytes <= LARGEST_IMAGE) return;
  throw new RangeError(
    `Cannot preprocess case ${id}: expected at most ${LARGEST_IMAGE} bytes after resampling from ` +
      `${from.join(" x ")} mm to ${to.join(" x ")} mm, found ${shape.join("x")} voxels (z, y, x) ` +
      `of float32, ${bytes} bytes`,
  );
}

function checkCase({ id, images, label }: CaseVolumes, plan: PreprocessingPlan): void {
  const attempt = `Cannot preprocess case ${id}`;
  if (images.length === 0) {
    throw new RangeError(`${attempt}: expected at least one image, found none`);
  }
  const others = [
    ...images.slice(1).map((volume, i) => ({ name: `image ${i + 1}`, volume })),
    ...(label ? [{ name: "the label map", volume: label }] : []),
  ];
  for (const { name, volume } of others) {
    const differences = sameGrid(images[0], volume);
    if (differences.length > 0) {
      throw new RangeError(
        `${attempt}: expected image 0 and ${name} on one grid, found ${differences.join("; ")}`,
      );
    }
  }
  checkPlan(plan, attempt);
  const channels = images.reduce((sum, image) => sum + image.channels, 0);
  const { length } = plan.normalization;
  if (channels !== length) {
    throw new RangeError(
      `${attempt}: expected ${length} ${length === 1 ? "channel" : "channels"} as in the plan, ` +
        `found ${channels}`,
    );
  }
}

function checkPlan(
  { labels, ignoreLabel, regions = [] }: PreprocessingPlan,
  attempt: string,
): void {
  if (!labels && (ignoreLabel !== undefined || regions.length > 0)) {
    throw new RangeError(
      `${attempt}: expected 'labels' in the plan beside 'ignoreLabel' and 'regions', found none`,
    );
  }
  const unknown = regions.flat().find((value) => !labels?.includes(value));
  if (unknown !== undefined) {
    throw new RangeError(
      `${attempt}: expected in the plan's regions values of its labels, found ${unknown}`,
    );
  }
}
