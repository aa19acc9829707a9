/**
 * Arrays of a Zarr group.
 * @module
 */
import * as zarr from "zarrita";
import { DEFAULT_MAX_BYTES } from "../nifti/decode_nifti.ts";
import type { VoxelArray } from "../volume.ts";
import { openZarrArray, type ZarrArray } from "./open_zarr_array.ts";
import type { FileStore } from "./file_store.ts";
import { openNode } from "./open_node.ts";
import { openStore } from "./store.ts";
import { zarrError } from "./zarr_error.ts";

/** An array with its values in memory. */
export interface ZarrData extends Omit<ZarrArray, "read"> {
  /** The values in C order. */
  data: VoxelArray;
}

/** A group with its arrays in memory. */
export interface ZarrGroup {
  /** What the group says of itself. */
  attributes: Record<string, unknown>;
  /** Its arrays by their names. */
  arrays: Record<string, ZarrData>;
}

/** Options of {@linkcode readZarr}. */
export interface ReadZarrOptions {
  /**
   * Paths of the arrays to read.
   *
   * @default {every array that lies directly in the group}
   */
  arrays?: string[];
  /**
   * Most bytes that each array may have.
   *
   * @default {4294967296}
   */
  maxBytes?: number;
  /**
   * The only codecs that an array may have, see {@linkcode openZarrArray}.
   *
   * @default {every codec}
   */
  codecs?: readonly string[];
}

/**
 * Reads the attributes and the arrays of a Zarr v2 or v3 group. For parts of an array see
 * {@linkcode openZarrArray}; for a volume with its place in space, `readVolume`.
 *
 * @example What was written
 * ```ts
 * import { readZarr, writeZarr } from "@mednext/data";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * await writeZarr(`${folder}/case.zarr`, {
 *   attributes: { id: "case_001" },
 *   arrays: { label: { data: Uint8Array.of(0, 1, 1, 2), shape: [2, 2] } },
 * });
 * const { attributes, arrays } = await readZarr(`${folder}/case.zarr`);
 * assertEquals(attributes, { id: "case_001" });
 * assertEquals(arrays.label.data, Uint8Array.of(0, 1, 1, 2));
 * await Deno.remove(folder, { recursive: true });
 * ```
 *
 * @param path The folder of the group, or a zip file with it.
 * @param options Which arrays; the limit of memory.
 * @returns Attributes and arrays.
 * @throws {Error} if it is no group, or an array cannot be read.
 */
export async function readZarr(path: string, options: ReadZarrOptions = {}): Promise<ZarrGroup> {
  const { maxBytes = DEFAULT_MAX_BYTES, codecs } = options;
  const store = await openStore(path, maxBytes);
  const group = await zarrError(`'${path}'`, async () => {
    const node = await openNode(store, "");
    if (node instanceof zarr.Group) return node;
    throw new Error("expected a group, found an array");
  });
  const names = options.arrays ?? await arrayNames(store);
  const arrays: [string, ZarrData][] = [];
  for (const name of names) {
    const { read, ...array } = await openZarrArray(path, { array: name, maxBytes, codecs });
    arrays.push([name, { ...array, data: await read() }]);
  }
  return { attributes: group.attrs, arrays: Object.fromEntries(arrays) };
}

/** Folders in the group that are arrays, in the order of their names. */
async function arrayNames(store: FileStore): Promise<string[]> {
  const names: string[] = [];
  for (const name of await store.folders()) {
    if (await isArray(store, name)) names.push(name);
  }
  return names;
}

async function isArray(store: FileStore, name: string): Promise<boolean> {
  if (await store.get(`/${name}/.zarray`)) return true;
  const metadata = await store.get(`/${name}/zarr.json`);
  if (!metadata) return false;
  try {
    return JSON.parse(new TextDecoder().decode(metadata)).node_type === "array";
  } catch {
    return false;
  }
}
