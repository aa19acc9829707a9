import type { ChannelStatistics, WasmBackend } from "../backend.ts";
import { type Image, withChannelArrays } from "./channel_affine.ts";
import { channelSums } from "./channel_sums.ts";

/** Voxels that give a first guess of the mean. */
const SAMPLED = 64;

/**
 * Mean and biased variance of each channel, by one pass over distances from a guess of the mean: exact as long as the
 * guess is within a few standard deviations. If it was not, a second pass is made from the mean itself.
 */
export function imageStatistics(
  backend: WasmBackend,
  image: Image,
): ChannelStatistics {
  const { voxels, channels, address } = image;
  let guess = sampledMean(backend, image);
  for (let pass = 0;; pass++) {
    const [sums, squares] = withChannelArrays(backend, [guess], ([centre]) => {
      const args = [address, centre];
      return channelSums(backend, {
        kernel: "channelDeviations",
        args,
        voxels,
        channels,
        kinds: 2,
      });
    });
    const shift = sums.map((sum) => sum / voxels);
    const mean = shift.map((value, c) => value + guess[c]);
    const variance = squares.map((sum, c) => Math.max(sum / voxels - shift[c] ** 2, 0));
    const far = shift.some((value, c) => value ** 2 > 16 * variance[c]);
    if (!far || pass > 0) return { mean, variance };
    guess = Float32Array.from(mean);
  }
}

/** The mean of some voxels, spread evenly. */
function sampledMean(backend: WasmBackend, { address, voxels, channels }: Image): Float32Array {
  const values = new Float32Array(backend.runtime.memory.buffer, address, voxels * channels);
  const sums = new Float64Array(channels);
  const count = Math.min(SAMPLED, voxels);
  for (let sample = 0; sample < count; sample++) {
    const from = Math.floor((sample + 0.5) * voxels / count) * channels;
    for (let c = 0; c < channels; c++) sums[c] += values[from + c];
  }
  return Float32Array.from(sums, (sum) => sum / count);
}
