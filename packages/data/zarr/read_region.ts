import type { Array as StoredArray, Chunk, DataType } from "zarrita";
import type { VoxelArray } from "../volume.ts";
import type { Region } from "./open_zarr_array.ts";
import { allocateValues, type ChunkValues, narrowLong, numberReader } from "./values.ts";

/** Chunks that are read and decoded at one time; each is in memory until it is copied. */
const CONCURRENCY = 8;

/**
 * Reads a region in C order, whatever order the chunks have. Done here on zarrita's chunks rather
 * than with its `get`: that takes a chunk of too few values without a word, gives the result in the
 * order of the chunks, and reads all of them at one time.
 */
export async function readRegion(
  array: StoredArray<DataType>,
  region: Region,
): Promise<VoxelArray> {
  const shape = region.map(([start, end]) => end - start);
  const values = allocateValues(array.dtype, shape.reduce((size, length) => size * length, 1));
  if (values.length === 0) return values;
  const pending = chunksOf(array.chunks, region);
  async function work(): Promise<void> {
    for (const coordinates of pending) {
      const chunk = await array.getChunk(coordinates);
      checkChunk(chunk, array, coordinates);
      copyChunk(chunk, { array, coordinates, region, values, shape });
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return narrowLong(values, array.dtype);
}

/** The coordinates of every chunk that a region touches, the last axis fastest. */
function* chunksOf(chunks: number[], region: Region): Generator<number[]> {
  const first = region.map(([start], axis) => Math.floor(start / chunks[axis]));
  const last = region.map(([, end], axis) => Math.ceil(end / chunks[axis]) - 1);
  const current = [...first];
  while (true) {
    yield [...current];
    let axis = current.length - 1;
    while (axis >= 0 && current[axis] === last[axis]) current[axis] = first[axis--];
    if (axis < 0) return;
    current[axis]++;
  }
}

function checkChunk(
  chunk: Chunk<DataType>,
  array: StoredArray<DataType>,
  coordinates: number[],
): void {
  const expected = array.chunks.reduce((size, length) => size * length, 1);
  if (chunk.data.length === expected) return;
  throw new SyntaxError(
    `expected ${expected} values in the chunk ${coordinates.join("/")}, found ${chunk.data.length}`,
  );
}

interface Target {
  array: StoredArray<DataType>;
  coordinates: number[];
  region: Region;
  values: VoxelArray;
  shape: number[];
}

/** Copies what of a chunk lies in the region, row by row along the last axis. */
function copyChunk(chunk: Chunk<DataType>, target: Target): void {
  const { coordinates, region, values, shape } = target;
  const rank = shape.length;
  const origin = coordinates.map((coordinate, axis) => coordinate * target.array.chunks[axis]);
  const start = region.map(([low], axis) => Math.max(low, origin[axis]));
  const end = region.map(([, high], axis) =>
    Math.min(high, origin[axis] + target.array.chunks[axis])
  );
  const read = numberReader(chunk.data as ChunkValues);
  const strides = stridesOf(shape);
  const row = rank === 0 ? 1 : end[rank - 1] - start[rank - 1];
  const step = rank === 0 ? 1 : chunk.stride[rank - 1];
  const index = [...start];
  while (true) {
    let from = 0;
    let to = 0;
    for (let axis = 0; axis < rank; axis++) {
      from += (index[axis] - origin[axis]) * chunk.stride[axis];
      to += (index[axis] - region[axis][0]) * strides[axis];
    }
    for (let i = 0; i < row; i++) values[to + i] = read(from + i * step);
    let axis = rank - 2;
    while (axis >= 0 && index[axis] + 1 === end[axis]) index[axis] = start[axis--];
    if (axis < 0) return;
    index[axis]++;
  }
}

/** Steps of C order. */
function stridesOf(shape: number[]): number[] {
  const strides: number[] = [];
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = step;
    step *= shape[axis];
  }
  return strides;
}
