import type { RandomStream } from "../random.ts";
import type { ForegroundCase } from "./intensity_properties.ts";
import { replaceNonFinite } from "./replace_non_finite.ts";

/**
 * Draws intensities with replacement from the voxels of a case whose label is above 0, the same voxels in each channel;
 * NaN and infinite values count as 0.
 *
 * @returns An array for each channel; empty arrays where there is no foreground.
 */
export function sampleForeground(
  { image, label }: ForegroundCase,
  { channels, samples, stream }: { channels: number; samples: number; stream: RandomStream },
): Float32Array[] {
  const foreground = foregroundVoxels(label);
  const count = foreground.length === 0 ? 0 : samples;
  const drawn = Array.from({ length: channels }, () => new Float32Array(count));
  for (let at = 0; at < count; at++) {
    const voxel = foreground[stream.integer(foreground.length)] * channels;
    for (let c = 0; c < channels; c++) drawn[c][at] = image[voxel + c];
  }
  for (const values of drawn) replaceNonFinite(values);
  return drawn;
}

function foregroundVoxels(label: ArrayLike<number>): Int32Array {
  let count = 0;
  for (let i = 0; i < label.length; i++) if (label[i] > 0) count++;
  const voxels = new Int32Array(count);
  for (let i = 0, at = 0; i < label.length; i++) if (label[i] > 0) voxels[at++] = i;
  return voxels;
}
