import type { NormalizeOptions } from "../normalize.ts";
import type { IntensityProperties } from "./intensity_properties.ts";

/** Standard deviations and ranges below this count as this. */
const SMALLEST_SCALE = 1e-8;

/** What `normalize` does, in the array itself. */
export function normalizeInPlace(image: Float32Array, options: NormalizeOptions): void {
  const { channels, label } = options;
  const attempt =
    `Cannot normalise an image of ${image.length} values in ${channels.length} channels`;
  const voxels = image.length / channels.length;
  if (!Number.isInteger(voxels)) {
    throw new RangeError(`${attempt}: the values do not divide evenly`);
  }
  channels.forEach(({ scheme, insideMask = false, properties }, channel) => {
    if (insideMask && scheme === "zscore" && label?.length !== voxels) {
      throw new RangeError(`${attempt}: channel ${channel} needs labels for its mask`);
    }
    if (scheme === "ct" && !properties) {
      throw new RangeError(`${attempt}: channel ${channel} is CT and needs intensity properties`);
    }
    const view: ChannelView = { data: image, channel, step: channels.length };
    if (scheme === "zscore") zscore(view, insideMask ? label : undefined);
    else if (scheme === "ct") clipAndScale(view, properties!);
    else if (scheme === "rescale-to-0-1") rescale(view);
    else if (scheme === "rgb-to-0-1") affine(view, 0, 255);
  });
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
