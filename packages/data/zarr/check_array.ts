import type { Array as StoredArray, DataType } from "zarrita";
import type { Region } from "./open_zarr_array.ts";
import { bytesOf, ZARR_TYPES } from "./values.ts";

/** More chunks than this in one read are refused: each may cost a look into the folder. */
const MAX_CHUNKS = 2 ** 20;

/** Checks what an array's metadata say of it before anything is allocated by them. */
export function checkArray(array: StoredArray<DataType>, target: string, maxBytes: number): void {
  const { shape, chunks, dtype } = array;
  if (!ZARR_TYPES.includes(dtype)) {
    throw new TypeError(
      `Cannot read ${target} as Zarr: expected values of ${ZARR_TYPES.join(", ")}, found ${dtype}`,
    );
  }
  const isWhole = (length: unknown, least: number) =>
    Number.isSafeInteger(length) && (length as number) >= least;
  if (
    !Array.isArray(shape) || !Array.isArray(chunks) || shape.length !== chunks.length ||
    shape.length > 32 || !shape.every((length) => isWhole(length, 0)) ||
    !chunks.every((length) => isWhole(length, 1))
  ) {
    throw new SyntaxError(
      `Cannot read ${target} as Zarr: expected a shape and a chunk shape of whole numbers, found ` +
        `${JSON.stringify(shape)} and ${JSON.stringify(chunks)}`,
    );
  }
  const bytes = product(chunks) * bytesOf(dtype);
  if (bytes > maxBytes) {
    throw new RangeError(
      `Cannot read ${target} as Zarr: expected chunks of at most ${maxBytes} bytes (maxBytes), found ` +
        `${chunks.join("x")} of ${dtype}, ${bytes} bytes`,
    );
  }
}

/** Checks that a region lies in the array and fits in memory. */
export function checkRegion(
  array: StoredArray<DataType>,
  region: Region,
  { target, maxBytes }: { target: string; maxBytes: number },
): void {
  const { shape, chunks, dtype } = array;
  const isInside = region.length === shape.length &&
    region.every(([start, end], axis) =>
      Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start <= end &&
      end <= shape[axis]
    );
  if (!isInside) {
    throw new RangeError(
      `Cannot read a region of ${target}: expected one inside of ${shape.join("x")}, found ` +
        JSON.stringify(region),
    );
  }
  const bytes = region.reduce((size, [start, end]) => size * (end - start), bytesOf(dtype));
  if (bytes > maxBytes) {
    throw new RangeError(
      `Cannot read ${target} as Zarr: expected at most ${maxBytes} bytes (maxBytes), found ` +
        `${region.map(([start, end]) => end - start).join("x")} of ${dtype}, ${bytes} bytes`,
    );
  }
  const count = region.reduce(
    (sum, [start, end], axis) =>
      sum * (Math.ceil(end / chunks[axis]) - Math.floor(start / chunks[axis])),
    1,
  );
  if (count > MAX_CHUNKS) {
    throw new RangeError(
      `Cannot read ${target} as Zarr: expected at most ${MAX_CHUNKS} chunks in one read, found ${count}`,
    );
  }
}

function product(lengths: number[]): number {
  return lengths.reduce((result, length) => result * length, 1);
}
