/**
 * Zarr v3 groups, written whole or not at all.
 * @module
 */
import * as zarr from "zarrita";
import { reasonOf } from "../files/read_file_within.ts";
import { temporaryName } from "../files/write_file_atomic.ts";
import type { VoxelArray } from "../volume.ts";
import { voxelTypeOf } from "../voxel_type.ts";
import { registerCodecs } from "./codecs.ts";
import { COMPRESSORS } from "./compressors.ts";
import { type FileStore, openFileStore } from "./file_store.ts";
import { replaceFolder } from "./replace_folder.ts";

/** An array to write. */
export interface ZarrArrayInput {
  /** The values in C order. */
  data: VoxelArray;
  /** Number of values along each axis. */
  shape: number[];
  /**
   * Shape of the pieces that are compressed and read as one.
   *
   * @default {at most 64 along each axis}
   */
  chunks?: number[];
  /**
   * Names of the axes.
   *
   * @default {undefined}
   */
  dimensionNames?: string[];
  /**
   * What to say of the array beyond that; JSON.
   *
   * @default {{}}
   */
  attributes?: Record<string, unknown>;
}

/** A group to write. */
export interface ZarrGroupInput {
  /**
   * What to say of the group; JSON.
   *
   * @default {{}}
   */
  attributes?: Record<string, unknown>;
  /** The arrays by their names; no slashes. */
  arrays: Record<string, ZarrArrayInput>;
}

/** Options of {@linkcode writeZarr}. */
export interface WriteZarrOptions {
  /**
   * How chunks are stored. Zstandard is the fastest to write and to read; gzip is in every reader
   * of Zarr.
   *
   * @default {"zstd"}
   */
  compression?: "zstd" | "gzip" | "none";
}

/**
 * Writes a Zarr v3 group with its arrays. The folder appears under its name only when it is
 * complete; a Zarr folder of that name is replaced, anything else of that name is an error and
 * stays.
 *
 * @example An image and its label
 * ```ts
 * import { readZarr, writeZarr } from "@mednext/data";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const shape = [1, 2, 2];
 * await writeZarr(`${folder}/case.zarr`, {
 *   attributes: { spacing: [3, 1, 1] },
 *   arrays: {
 *     image: { data: Float32Array.of(0.5, 1, 1.5, 2), shape, dimensionNames: ["z", "y", "x"] },
 *     label: { data: Uint8Array.of(0, 0, 1, 1), shape, dimensionNames: ["z", "y", "x"] },
 *   },
 * });
 * const { arrays } = await readZarr(`${folder}/case.zarr`);
 * assertEquals(arrays.image.data, Float32Array.of(0.5, 1, 1.5, 2));
 * await Deno.remove(folder, { recursive: true });
 * ```
 *
 * @param path The folder to write.
 * @param group Attributes and arrays.
 * @param options How to compress.
 * @throws {RangeError} if an array's data do not fit its shape, or a name is not a plain one.
 * @throws {Error} if the folder cannot be written; the message has the path and the reason.
 */
export async function writeZarr(
  path: string,
  group: ZarrGroupInput,
  options: WriteZarrOptions = {},
): Promise<void> {
  const { compression = "zstd" } = options;
  for (const [name, array] of Object.entries(group.arrays)) checkInput(path, name, array);
  registerCodecs();
  const temporary = temporaryName(path);
  try {
    await Deno.mkdir(temporary);
    const store = await openFileStore(temporary, Infinity);
    await zarr.create(zarr.root(store), { attributes: group.attributes ?? {} });
    for (const [name, array] of Object.entries(group.arrays)) {
      await writeArray(store, name, array, COMPRESSORS[compression]);
    }
    await replaceFolder(temporary, path);
  } catch (cause) {
    await Deno.remove(temporary, { recursive: true }).catch(() => {});
    throw new Error(`Cannot write '${path}': ${reasonOf(cause)}`, { cause });
  }
}

function checkInput(path: string, name: string, { data, shape, chunks }: ZarrArrayInput): void {
  const cannot = `Cannot write the array '${name}' of '${path}'`;
  if (!/^[\w-][\w.-]*$/.test(name)) {
    throw new RangeError(`${cannot}: expected a name of letters, digits, '_', '-' and '.'`);
  }
  const expected = shape.reduce((size, length) => size * length, 1);
  if (!(expected === data.length && expected > 0)) {
    throw new RangeError(
      `${cannot}: expected ${expected} values for the shape ${
        shape.join("x")
      }, found ${data.length}`,
    );
  }
  if (!chunks) return;
  const isWhole = chunks.every((length) => Number.isInteger(length) && length >= 1);
  if (chunks.length === shape.length && isWhole) return;
  throw new RangeError(
    `${cannot}: expected ${shape.length} lengths of chunks, found ${chunks.join("x")}`,
  );
}

async function writeArray(
  store: FileStore,
  name: string,
  input: ZarrArrayInput,
  compressors: { name: string; configuration: Record<string, unknown> }[],
): Promise<void> {
  const { data, shape, dimensionNames, attributes } = input;
  const chunkShape = (input.chunks ?? shape.map((length) => Math.min(length, 64)))
    .map((length, axis) => Math.min(length, shape[axis]));
  const array = await zarr.create(zarr.root(store).resolve(name), {
    shape,
    chunkShape,
    dtype: voxelTypeOf(data),
    codecs: [{ name: "bytes", configuration: { endian: "little" } }, ...compressors],
    fillValue: 0,
    dimensionNames,
    attributes,
  });
  const stride = shape.map((_, axis) => shape.slice(axis + 1).reduce((step, n) => step * n, 1));
  await zarr.set(array, null, { data, shape, stride }, { createQueue: oneByOne });
}

/** A queue that keeps one chunk in memory at a time. */
function oneByOne(): { add(step: () => Promise<void>): void; onIdle(): Promise<void[]> } {
  const steps: (() => Promise<void>)[] = [];
  return {
    add: (step) => void steps.push(step),
    async onIdle() {
      for (const step of steps) await step();
      return [];
    },
  };
}
