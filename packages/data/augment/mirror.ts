import type { Triple } from "../volume.ts";

/** Options of {@linkcode mirror}. */
export interface MirrorOptions {
  /** The shape `[D, H, W]` of the data. */
  shape: Triple;
  /** Axes to reverse: 0 is D, 1 is H, 2 is W. */
  axes: number[];
  /** Values in each voxel. @default {1} */
  channels?: number;
}

/**
 * Reverses axes of an array.
 *
 * @example
 * ```ts
 * import { mirror } from "@mednext/data/mirror";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([...mirror(Int32Array.of(1, 2, 3), { shape: [1, 1, 3], axes: [2] })], [3, 2, 1]);
 * ```
 *
 * @param data Values in C order over `[D, H, W, channels]`; not changed.
 * @param options Shape, axes and channels.
 * @returns A new array of the same kind.
 * @throws {RangeError} If the data do not have the shape, or an axis is not 0, 1 or 2.
 */
export function mirror<T extends Float32Array | Int32Array>(data: T, options: MirrorOptions): T {
  const { shape, axes, channels = 1 } = options;
  const expected = shape[0] * shape[1] * shape[2] * channels;
  if (data.length !== expected) {
    throw new RangeError(
      `Cannot mirror ${shape.join(" x ")} voxels: the data must hold ${expected} values, ` +
        `found ${data.length}`,
    );
  }
  const wrong = axes.find((axis) => axis !== 0 && axis !== 1 && axis !== 2);
  if (wrong !== undefined) {
    throw new RangeError(`Cannot mirror: every axis must be 0, 1 or 2, found ${wrong}`);
  }
  const flips = [0, 1, 2].map((axis) => axes.includes(axis));
  const [depth, height, width] = shape;
  const length = width * channels;
  const result = data.slice() as T;
  for (let z = 0, to = 0; z < depth; z++) {
    const fromZ = flips[0] ? depth - 1 - z : z;
    for (let y = 0; y < height; y++, to += length) {
      const from = (fromZ * height + (flips[1] ? height - 1 - y : y)) * length;
      if (!flips[2]) result.set(data.subarray(from, from + length), to);
      else mirrorRow(data.subarray(from, from + length), result, { to, channels });
    }
  }
  return result;
}

function mirrorRow<T extends Float32Array | Int32Array>(
  row: T,
  target: T,
  { to, channels }: { to: number; channels: number },
): void {
  for (let from = row.length - channels; from >= 0; from -= channels) {
    for (let c = 0; c < channels; c++) target[to++] = row[from + c];
  }
}
