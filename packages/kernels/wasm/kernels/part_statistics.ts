import type { TensorInfo } from "@tensorflow/tfjs";
import type { ChannelStatistics, WasmBackend } from "../backend.ts";

/** Bytes of the statistics of one channel of a part: three float64, see `assembly/part_statistics.ts`. */
export const PART_BYTES = 24;

/** A part of an image in some of its channels. */
export interface Part {
  /** Where its statistics begin, from those of the image on. */
  offset: number;
  /** Its voxels. */
  count: number;
  /** Its first channel, and how many it has. */
  channel: number;
  channels: number;
}

/** What {@linkcode gatherStatistics} needs. */
export interface GatherRequest {
  /** What the kernel writes, `[N, D, H, W, C]`. */
  y: TensorInfo;
  batch: number;
  /** The parts of an image. */
  parts: Part[];
  bytesPerImage: number;
  /** Runs the kernel, which writes the statistics of its parts to the address. */
  run: (statistics: number) => void;
}

/**
 * Runs a kernel that takes the statistics of its output part by part, and keeps them with the output for the
 * normalisation that reads it next. The parts depend on the shapes alone and are put together in their order, so
 * neither does the result depend on the number of threads.
 */
export function gatherStatistics(
  backend: WasmBackend,
  { y, batch, parts, bytesPerImage, run }: GatherRequest,
): void {
  backend.withScratch(batch * bytesPerImage, (address) => {
    run(address);
    const images = Array.from(
      { length: batch },
      (_, n) => combine(backend, parts, { address: address + n * bytesPerImage, y }),
    );
    backend.keepStatistics(y, images);
  });
}

/** Mean and biased variance of each channel out of those of the parts (Chan, Golub and LeVeque). */
function combine(
  backend: WasmBackend,
  parts: Part[],
  { address, y }: { address: number; y: TensorInfo },
): ChannelStatistics {
  const length = y.shape[4];
  const [count, mean, squares] = [0, 1, 2].map(() => new Float64Array(length));
  for (const part of parts) {
    const stride = Math.ceil(part.channels / 4) * 4;
    const { buffer } = backend.runtime.memory;
    const values = new Float64Array(buffer, address + part.offset, 3 * stride);
    for (let i = 0; i < part.channels; i++) {
      const c = part.channel + i;
      const shift = values[stride + i] / part.count;
      const distance = values[i] + shift - mean[c];
      const total = count[c] + part.count;
      squares[c] += values[2 * stride + i] - shift * values[stride + i] +
        distance * distance * count[c] * part.count / total;
      mean[c] += distance * part.count / total;
      count[c] = total;
    }
  }
  return { mean, variance: squares.map((sum, c) => Math.max(sum / count[c], 0)) };
}
