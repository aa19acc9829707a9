import type { Volume } from "../volume.ts";

/** One volume with the channels of all, in order, on the grid of the first. */
export function joinChannels(volumes: Volume[]): Volume {
  if (volumes.length === 1) return volumes[0];
  const channels = volumes.reduce((sum, volume) => sum + volume.channels, 0);
  const voxels = volumes[0].data.length / volumes[0].channels;
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
