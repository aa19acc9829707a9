/**
 * Bringing intensities to one scale.
 * @module
 */
import type { IntensityProperties } from "./normalize/intensity_properties.ts";
import { normalizeInPlace } from "./normalize/normalize_in_place.ts";

/**
 * How the intensities of a channel are brought to one scale:
 * - `zscore`: subtract the mean and divide by the standard deviation of the image's own channel.
 * - `ct`: clip to the 0.5 and 99.5 percentiles of the data set's foreground, subtract the
 *   foreground's mean and divide by its standard deviation.
 * - `none`: leave as they are.
 * - `rescale-to-0-1`: from the image's own minimum and maximum to 0 and 1.
 * - `rgb-to-0-1`: divide by 255.
 */
export type NormalizationScheme = "zscore" | "ct" | "none" | "rescale-to-0-1" | "rgb-to-0-1";

/** How one channel is normalised. */
export interface ChannelNormalization {
  /** The scheme. */
  scheme: NormalizationScheme;
  /**
   * With `zscore`: take the statistics from the voxels inside the nonzero mask alone (label >= 0)
   * and set those outside to 0. nnU-Net does so where cropping removes more than a quarter of the
   * median image. @default {false}
   */
  insideMask?: boolean;
  /** With `ct`: the data set's foreground intensities in this channel. @default {undefined} */
  properties?: IntensityProperties;
}

/** Options of {@linkcode normalize}. */
export interface NormalizeOptions {
  /** One normalisation for each channel, in order. */
  channels: ChannelNormalization[];
  /** Labels, -1 outside the nonzero mask; needed where `insideMask` is set. @default {undefined} */
  label?: Int16Array;
}

/**
 * Normalises each channel of an image (nnU-Net `preprocessing/normalization`).
 *
 * @example
 * ```ts
 * import { normalize } from "@mednext/data/normalize";
 * import { assertEquals } from "@std/assert";
 *
 * const image = Float32Array.of(1, 3);
 * assertEquals([...normalize(image, { channels: [{ scheme: "zscore" }] })], [-1, 1]);
 * ```
 *
 * @param image Finite voxels in C order over `[D, H, W, channels]`; not changed.
 * @param options The channels' normalisations, and labels.
 * @returns A new array, statistics in double precision.
 * @throws {RangeError} If the image does not divide into the channels, or if a channel lacks the
 * properties or the labels that its scheme needs.
 */
export function normalize(image: Float32Array, options: NormalizeOptions): Float32Array {
  const result = image.slice();
  normalizeInPlace(result, options);
  return result;
}
