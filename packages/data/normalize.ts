/**
 * Bringing intensities to one scale.
 * @module
 */
import type { IntensityProperties } from "./normalize/intensity_properties.ts";

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

/** Standard deviations and ranges below this count as this. */
const SMALLEST_SCALE = 1e-8;

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
  const { channels, label } = options;
  const attempt =
    `Cannot normalise an image of ${image.length} values in ${channels.length} channels`;
  const voxels = image.length / channels.length;
  if (!Number.isInteger(voxels)) {
    throw new RangeError(`${attempt}: the values do not divide evenly`);
  }
  const result = image.slice();
  channels.forEach(({ scheme, insideMask = false, properties }, channel) => {
    if (insideMask && scheme === "zscore" && label?.length !== voxels) {
      throw new RangeError(`${attempt}: channel ${channel} needs labels for its mask`);
    }
    if (scheme === "ct" && !properties) {
      throw new RangeError(`${attempt}: channel ${channel} is CT and needs intensity properties`);
    }
    const view: ChannelView = { data: result, channel, step: channels.length };
    if (scheme === "zscore") zscore(view, insideMask ? label : undefined);
    else if (scheme === "ct") clipAndScale(view, properties!);
    else if (scheme === "rescale-to-0-1") rescale(view);
    else if (scheme === "rgb-to-0-1") affine(view, 0, 255);
  });
  return result;
}

/** One channel of an interleaved array. */
interface ChannelView {
  data: Float32Array;
  channel: number;
  step: number;
}

/** (value - shift) / scale, in place. */
function affine({ data, channel, step }: ChannelView, shift: number, scale: number): void {
  for (let i = channel; i < data.length; i += step) data[i] = (data[i] - shift) / scale;
}

function zscore(view: ChannelView, label: Int16Array | undefined): void {
  const { data, channel, step } = view;
  // Sums run over differences to the first value: those of a constant image are exactly 0.
  let count = 0, sum = 0, first = 0;
  for (let i = channel, v = 0; i < data.length; i += step, v++) {
    if (label && label[v] < 0) {
      data[i] = 0;
      continue;
    }
    if (count === 0) first = data[i];
    count++;
    sum += data[i] - first;
  }
  if (count === 0) return;
  const mean = first + sum / count;
  let squares = 0;
  for (let i = channel, v = 0; i < data.length; i += step, v++) {
    if (!label || label[v] >= 0) squares += (data[i] - mean) ** 2;
  }
  const scale = Math.max(Math.sqrt(squares / count), SMALLEST_SCALE);
  for (let i = channel, v = 0; i < data.length; i += step, v++) {
    if (!label || label[v] >= 0) data[i] = (data[i] - mean) / scale;
  }
}

function clipAndScale(view: ChannelView, properties: IntensityProperties): void {
  const { data, channel, step } = view;
  const { percentile005: low, percentile995: high, mean, standardDeviation } = properties;
  for (let i = channel; i < data.length; i += step) {
    data[i] = Math.min(Math.max(data[i], low), high);
  }
  affine(view, mean, Math.max(standardDeviation, SMALLEST_SCALE));
}

function rescale(view: ChannelView): void {
  const { data, channel, step } = view;
  let low = Infinity, high = -Infinity;
  for (let i = channel; i < data.length; i += step) {
    if (data[i] < low) low = data[i];
    if (data[i] > high) high = data[i];
  }
  affine(view, low, Math.max(high - low, SMALLEST_SCALE));
}
