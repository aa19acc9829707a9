import type { Volume } from "../volume.ts";

/**
 * Joins the channels of volumes that lie on one grid, such as the files of an nnU-Net case.
 *
 * @example
 * ```ts
 * import { joinChannels, type Volume } from "@mednext/data";
 * import { assertEquals } from "@std/assert";
 *
 * const first: Volume = {
 *   data: Int16Array.of(1, 2),
 *   shape: [1, 1, 2],
 *   channels: 1,
 *   spacing: [1, 1, 1],
 *   affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
 * };
 * const joined = joinChannels([first, { ...first, data: Int16Array.of(3, 4) }]);
 * assertEquals(joined.channels, 2);
 * assertEquals(joined.data, Float32Array.of(1, 3, 2, 4));
 * ```
 *
 * @param volumes Volumes of one or several channels each; that they lie on one grid is for
 * `sameGrid` to say. Not changed.
 * @returns One volume over `[D, H, W, C]` with all channels in order and the place of the first; the
 * first itself if there is one only, else a new one of float32.
 * @throws {RangeError} If there is no volume, or if they differ in the number of voxels.
 */
export function joinChannels(volumes: Volume[]): Volume {
  if (volumes.length === 0) {
    throw new RangeError("Cannot join channels: expected at least one volume, found none");
  }
  const counts = volumes.map(({ data, channels }) => data.length / channels);
  const [voxels] = counts;
  if (counts.some((count) => count !== voxels)) {
    throw new RangeError(
      `Cannot join channels: expected ${voxels} voxels in each volume, found ${counts.join(", ")}`,
    );
  }
  if (volumes.length === 1) return volumes[0];
  const channels = volumes.reduce((sum, volume) => sum + volume.channels, 0);
  const data = new Float32Array(voxels * channels);
  let offset = 0;
  for (const volume of volumes) {
    for (let i = 0; i < voxels; i++) {
      for (let c = 0; c < volume.channels; c++) {
        data[i * channels + offset + c] = volume.data[i * volume.channels + c];
      }
    }
    offset += volume.channels;
  }
  return { ...volumes[0], data, channels };
}
