import { unzipSync } from "fflate";
import { readFileWithin } from "../files/read_file_within.ts";
import type { FileStore } from "./file_store.ts";

/** Files by which a folder is known to be of Zarr. */
const MARKERS = ["zarr.json", ".zgroup", ".zarray", ".zattrs"];

/**
 * The files of a zip, for reading. The zip is in memory as it is; a file of it is inflated when it
 * is asked for, if it has at most `maxBytes`. Where all files lie in one folder of the zip, that
 * folder is the root.
 */
export async function openZipStore(path: string, maxBytes: number): Promise<FileStore> {
  const bytes = await readFileWithin(path, maxBytes);
  const sizes = new Map<string, number>();
  try {
    unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        sizes.set(name, originalSize);
        return false;
      },
    });
  } catch (cause) {
    throw new Error(
      `Cannot read '${path}' as Zarr: expected a whole zip file, found a damaged one`,
      {
        cause,
      },
    );
  }
  const prefix = rootOf([...sizes.keys()]);

  function get(key: string): Promise<Uint8Array | undefined> {
    const wanted = prefix + key.split("/").filter((part) => part !== "").join("/");
    const size = sizes.get(wanted);
    if (size === undefined) return Promise.resolve(undefined);
    if (size > maxBytes) {
      throw new RangeError(
        `Cannot read '${key}' in '${path}': expected a file of at most ${maxBytes} bytes, found ${size}`,
      );
    }
    return Promise.resolve(unzipSync(bytes, { filter: ({ name }) => name === wanted })[wanted]);
  }

  return {
    get,
    async getRange(key, range) {
      const file = await get(key);
      if ("suffixLength" in range) {
        return file?.subarray(Math.max(0, file.length - range.suffixLength));
      }
      return file?.subarray(range.offset, range.offset + range.length);
    },
    set: () => Promise.reject(new Error(`Cannot write into '${path}': a zip is only read`)),
    folders() {
      const inside = [...sizes.keys()].filter((name) => name.startsWith(prefix));
      const first = inside.map((name) => name.slice(prefix.length).split("/"))
        .filter((parts) => parts.length > 1).map(([folder]) => folder);
      return Promise.resolve([...new Set(first)].sort());
    },
  };
}

/** `""`, or the one folder that holds everything. */
function rootOf(names: string[]): string {
  if (MARKERS.some((marker) => names.includes(marker))) return "";
  const folders = new Set(names.map((name) => name.slice(0, name.indexOf("/") + 1)));
  return folders.size === 1 ? [...folders][0] : "";
}
