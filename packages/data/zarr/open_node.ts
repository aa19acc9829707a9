import * as zarr from "zarrita";
import type { FileStore } from "./file_store.ts";
import { isObject, type Json } from "./json.ts";

/** A node of a store, as zarrita has it. */
export type Node = zarr.Array<zarr.DataType, FileStore> | zarr.Group<FileStore>;

/**
 * Opens the node of a path: Zarr v3 where there is a `zarr.json`, else v2. What the specification
 * of v3 allows and zarrita passes over without a word is refused here, as it would give wrong
 * values.
 *
 * @param store The store.
 * @param path The node.
 * @param codecs The only codecs that an array may have; any if undefined, and then v2 as well.
 */
export async function openNode(
  store: FileStore,
  path: string,
  codecs?: readonly string[],
): Promise<Node> {
  const location = zarr.root(store).resolve(path);
  const bytes = await store.get(location.resolve("zarr.json").path);
  if (!bytes && codecs) throw new TypeError("expected Zarr v3, found none");
  if (!bytes) return await zarr.open.v2(location);
  const metadata: unknown = JSON.parse(new TextDecoder().decode(bytes));
  if (!isObject(metadata)) throw new SyntaxError("zarr.json holds no object");
  if (metadata.node_type === "array") checkMetadata(metadata, codecs);
  const source = metadata.node_type === "array" && hasIndexAtStart(metadata)
    ? fromStart(store)
    : store;
  return await zarr.open.v3(zarr.root(source).resolve(path));
}

function hasIndexAtStart({ codecs }: Json): boolean {
  return (codecs as Json[]).some((codec) =>
    isObject(codec.configuration) && codec.configuration.index_location === "start"
  );
}

/** zarrita takes the index of a shard from its end, and asks for nothing else there. */
function fromStart(store: FileStore): FileStore {
  return {
    ...store,
    getRange: (key, range) =>
      store.getRange(
        key,
        "suffixLength" in range ? { offset: 0, length: range.suffixLength } : range,
      ),
  };
}

function checkMetadata(metadata: Json, allowed: readonly string[] | undefined): void {
  const { data_type: type, chunk_grid: grid, codecs, storage_transformers: transformers } =
    metadata;
  if (typeof type !== "string") {
    throw new TypeError(`expected a data type of the core specification, found ${nameOf(type)}`);
  }
  if (!isObject(grid) || grid.name !== "regular") {
    throw new TypeError(`expected a regular chunk grid, found ${nameOf(grid)}`);
  }
  if (Array.isArray(transformers) && transformers.length > 0) {
    throw new TypeError(
      `expected no storage transformers, found ${transformers.map(nameOf).join(", ")}`,
    );
  }
  if (!Array.isArray(codecs)) throw new SyntaxError("expected a list of codecs, found none");
  for (const codec of codecs) {
    if (!isObject(codec) || typeof codec.name !== "string") {
      throw new SyntaxError(`expected codecs with names, found ${JSON.stringify(codec)}`);
    }
    if (allowed && !allowed.includes(codec.name)) {
      throw new TypeError(`expected the codecs ${allowed.join(", ")} alone, found ${codec.name}`);
    }
  }
}

function nameOf(value: unknown): string {
  return isObject(value) && typeof value.name === "string" ? value.name : JSON.stringify(value);
}
