/**
 * One array of a Zarr store, read in parts.
 * @module
 */
import * as zarr from "zarrita";
import { DEFAULT_MAX_BYTES } from "../nifti/decode_nifti.ts";
import type { VoxelArray } from "../volume.ts";
import { checkArray, checkRegion } from "./check_array.ts";
import { readRegion } from "./read_region.ts";
import { openNode } from "./open_node.ts";
import { openStore } from "./store.ts";
import { zarrError } from "./zarr_error.ts";

/** From where to where along each axis; the end is not in it. */
export type Region = readonly (readonly [start: number, end: number])[];

/** An array of a store: what it is, and a way to its values. */
export interface ZarrArray {
  /** Number of values along each axis. */
  shape: number[];
  /** Shape of the pieces that are read as one. */
  chunks: number[];
  /** Stored type: `int16`, `float32` and so on. */
  dtype: string;
  /** Names of the axes, if the store has them. */
  dimensionNames?: string[];
  /** What the store says beyond that. */
  attributes: Record<string, unknown>;
  /**
   * Reads values in C order, all of them or those of a region. `bool` gives 0 and 1, float16
   * becomes float32, 64-bit integers become Int32Array or Uint32Array where they all fit, else
   * Float64Array.
   */
  read(region?: Region): Promise<VoxelArray>;
}

/** Options of {@linkcode openZarrArray}. */
export interface OpenZarrArrayOptions {
  /**
   * Path of the array in the store: `image`, `labels/nuclei/0`.
   *
   * @default {""}
   */
  array?: string;
  /**
   * Most bytes that one read may give, that a chunk may have, and that a file may have.
   *
   * @default {4294967296}
   */
  maxBytes?: number;
  /**
   * The only codecs that the array may have, of Zarr v3, for data that are not trusted. Those that
   * run no WebAssembly are `bytes`, `transpose`, `crc32c`, `gzip`, `zlib` and `zstd`.
   *
   * @default {every codec}
   */
  codecs?: readonly string[];
}

/**
 * Opens an array of a Zarr v2 or v3 store, a folder or a zip file. Any memory order, byte order and
 * codec that zarrita knows (gzip, zlib, blosc, zstd, lz4, crc32c, sharding, transpose, …); nothing
 * outside of the folder is read.
 *
 * @example A part of an array
 * ```ts
 * import { openZarrArray, writeZarr } from "@mednext/data";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const image = { data: Float32Array.from({ length: 24 }, (_, i) => i), shape: [2, 3, 4] };
 * await writeZarr(`${folder}/case.zarr`, { arrays: { image } });
 * const array = await openZarrArray(`${folder}/case.zarr`, { array: "image" });
 * assertEquals(array.shape, [2, 3, 4]);
 * assertEquals(await array.read([[1, 2], [0, 1], [0, 4]]), Float32Array.of(12, 13, 14, 15));
 * await Deno.remove(folder, { recursive: true });
 * ```
 *
 * @param path The folder or the zip file.
 * @param options Which array; the limit of memory.
 * @returns The array; no values are read yet.
 * @throws {Error} if the store, the array or a codec is missing, or a chunk is damaged.
 * @throws {TypeError} if the values are no real numbers.
 * @throws {RangeError} if the array, a chunk or a region is not within its limits.
 */
export async function openZarrArray(
  path: string,
  options: OpenZarrArrayOptions = {},
): Promise<ZarrArray> {
  const { array: name = "", maxBytes = DEFAULT_MAX_BYTES } = options;
  const target = name === "" ? `'${path}'` : `the array '${name}' of '${path}'`;
  const store = await openStore(path, maxBytes);
  const array = await zarrError(target, async () => {
    const opened = await openNode(store, name, options.codecs);
    if (!(opened instanceof zarr.Array)) throw new Error("expected an array, found a group");
    checkArray(opened, target, maxBytes);
    return opened;
  });
  return {
    shape: [...array.shape],
    chunks: [...array.chunks],
    dtype: array.dtype,
    dimensionNames: array.dimensionNames?.map(String),
    attributes: array.attrs,
    async read(region = array.shape.map((length): [number, number] => [0, length])) {
      checkRegion(array, region, { target, maxBytes });
      return await zarrError(target, () => readRegion(array, region));
    },
  };
}
