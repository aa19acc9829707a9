/**
 * One array of a Zarr v3 group, written block by block.
 * @module
 */
import * as zarr from "zarrita";
import { reasonOf } from "../files/read_file_within.ts";
import { temporaryName } from "../files/write_file_atomic.ts";
import { registerCodecs } from "./codecs.ts";
import { COMPRESSORS } from "./compressors.ts";
import { openFileStore } from "./file_store.ts";
import { replaceFolder } from "./replace_folder.ts";

/** What to write with {@linkcode createZarrArray}. */
export interface CreateZarrArrayOptions {
  /** Name of the array in the group; letters, digits, `_`, `-` and `.`. */
  name: string;
  /** Number of values along each axis. */
  shape: readonly number[];
  /** Shape of the pieces that are compressed and read as one. */
  chunks: readonly number[];
  /** The stored type: two or four bytes for each value. @default {"float32"} */
  dtype?: "float16" | "float32";
  /** Names of the axes. @default {undefined} */
  dimensionNames?: readonly string[];
  /** What to say of the group; JSON. @default {{}} */
  attributes?: Record<string, unknown>;
}

/** An array that is being written. */
export interface ZarrArrayWriter {
  /**
   * Writes a block, each once: it must begin and end where chunks do, or end with the array.
   *
   * @param start First index along each axis.
   * @param block Values in C order and how many there are along each axis.
   */
  write(start: readonly number[], block: { data: Float32Array; shape: number[] }): Promise<void>;
  /** Gives the group its name. */
  finish(): Promise<void>;
  /** Removes what was written. */
  discard(): Promise<void>;
}

/**
 * Writes a Zarr v3 group with one array that does not have to be in memory as a whole. The folder
 * appears under its name when it is finished, in place of a Zarr folder of that name.
 *
 * @example Two rows, one at a time
 * ```ts
 * import { createZarrArray, readZarr } from "@mednext/data";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const options = { name: "scores", shape: [2, 3], chunks: [1, 3], dtype: "float16" as const };
 * const writer = await createZarrArray(`${folder}/a.zarr`, options);
 * await writer.write([1, 0], { data: Float32Array.of(4, 5, 6), shape: [1, 3] });
 * await writer.write([0, 0], { data: Float32Array.of(1, 2, 3), shape: [1, 3] });
 * await writer.finish();
 * const { arrays } = await readZarr(`${folder}/a.zarr`);
 * assertEquals(arrays.scores.data, Float32Array.of(1, 2, 3, 4, 5, 6));
 * await Deno.remove(folder, { recursive: true });
 * ```
 *
 * @param path The folder to write.
 * @param options The array.
 * @returns The writer; it must be finished or discarded.
 * @throws {RangeError} From `write`, if a block does not fit the array or its chunks.
 * @throws {Error} If the folder cannot be written; the message has the path and the reason.
 */
export async function createZarrArray(
  path: string,
  options: CreateZarrArrayOptions,
): Promise<ZarrArrayWriter> {
  const temporary = temporaryName(path);
  const discard = () => Deno.remove(temporary, { recursive: true }).catch(() => {});
  const writing = async <T>(step: () => Promise<T>): Promise<T> => {
    try {
      return await step();
    } catch (cause) {
      await discard();
      throw new Error(`Cannot write '${path}': ${reasonOf(cause)}`, { cause });
    }
  };
  const array = await writing(() => createArray(temporary, options));
  return {
    async write(start, block) {
      checkBlock(path, options, { start, block });
      const region = start.map((first, axis) => zarr.slice(first, first + block.shape[axis]));
      const data = options.dtype === "float16" ? Float16Array.from(block.data) : block.data;
      const stride = stridesOf(block.shape);
      await writing(() => zarr.set(array, region, { data, shape: block.shape, stride } as never));
    },
    finish: () => writing(() => replaceFolder(temporary, path)),
    discard,
  };
}

async function createArray(folder: string, options: CreateZarrArrayOptions) {
  const { name, shape, chunks, dtype = "float32", dimensionNames, attributes = {} } = options;
  registerCodecs();
  await Deno.mkdir(folder);
  const store = await openFileStore(folder, Infinity);
  await zarr.create(zarr.root(store), { attributes });
  return await zarr.create(zarr.root(store).resolve(name), {
    shape: [...shape],
    chunkShape: chunks.map((length, axis) => Math.min(length, shape[axis])),
    dtype,
    codecs: [{ name: "bytes", configuration: { endian: "little" } }, ...COMPRESSORS.zstd],
    fillValue: 0,
    ...(dimensionNames === undefined ? {} : { dimensionNames: [...dimensionNames] }),
  });
}

function checkBlock(
  path: string,
  { name, shape, chunks }: CreateZarrArrayOptions,
  { start, block }: {
    start: readonly number[];
    block: { data: Float32Array; shape: number[] };
  },
): void {
  const fits = shape.every((length, axis) => {
    const end = start[axis] + block.shape[axis];
    const atChunk = (at: number) => Number.isInteger(at / chunks[axis]);
    return start[axis] >= 0 && block.shape[axis] > 0 && end <= length && atChunk(start[axis]) &&
      (end === length || atChunk(end));
  });
  const count = block.shape.reduce((product, length) => product * length, 1);
  if (fits && count === block.data.length && start.length === shape.length) return;
  throw new RangeError(
    `Cannot write a block of the array '${name}' of '${path}': expected whole chunks of ${
      chunks.join("x")
    } in ${shape.join("x")}, found ${block.shape.join("x")} at ${
      start.join(", ")
    } with ${block.data.length} values`,
  );
}

function stridesOf(shape: readonly number[]): number[] {
  return shape.map((_, axis) => shape.slice(axis + 1).reduce((step, length) => step * length, 1));
}
