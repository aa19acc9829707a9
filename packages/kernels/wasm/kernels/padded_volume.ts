import type { TensorInfo } from "@tensorflow/tfjs";
import { spatialSize } from "../../output_size.ts";
import type { Triple } from "../../triple.ts";
import type { WasmBackend } from "../backend.ts";

/** Rows of one task. */
const ROWS_PER_TASK = 64;

/** A volume in memory, perhaps with zeros around it, and the bytes to the next voxel along each axis. */
export interface PaddedVolume {
  /** Its first byte. */
  address: number;
  /** From image to image. */
  image: number;
  /** Along D, H and W. */
  steps: Triple;
}

/**
 * Gives `use` a volume that begins with `before` zero voxels and has `size` of them: a copy in scratch, or the tensor
 * itself where that is what it is.
 */
export function withPaddedVolume<T>(
  backend: WasmBackend,
  { info, before, size }: { info: TensorInfo; before: Triple; size: Triple },
  use: (volume: PaddedVolume) => T,
): T {
  const [batch, , , , channels] = info.shape;
  const inner = spatialSize(info.shape);
  const to = steps(size, channels);
  const image = size[0] * to[0];
  const address = backend.address(info);
  if (size.every((length, axis) => before[axis] === 0 && length === inner[axis])) {
    return use({ address, image, steps: to });
  }
  return backend.withScratch(batch * image, (scratch) => {
    new Float32Array(backend.runtime.memory.buffer, scratch, batch * image / 4).fill(0);
    const from = steps(inner, channels);
    const first = scratch + before[0] * to[0] + before[1] * to[1] + before[2] * to[2];
    // Where the copy has less room than the tensor has voxels, no window reaches the last ones.
    const [depth, height, width] = inner.map((length, axis) =>
      Math.min(length, size[axis] - before[axis])
    );
    backend.run("copyRows", [
      ...[address, first, depth, height, width * to[2]],
      ...[inner[0] * from[0], from[0], from[1], image, to[0], to[1]],
    ], { items: batch * depth * height, chunk: ROWS_PER_TASK });
    return use({ address: scratch, image, steps: to });
  });
}

/** Bytes from voxel to voxel along D, H and W. */
export function steps([, height, width]: Triple, channels: number): Triple {
  return [height * width * channels * 4, width * channels * 4, channels * 4];
}
