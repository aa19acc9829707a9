/**
 * Weights into safetensors.
 * @module
 */
import type { StateDict } from "./parameter.ts";

const LENGTH_BYTES = 8;

function checkParameters(dict: StateDict): void {
  for (const [name, { shape, data }] of dict) {
    const count = shape.reduce((product, n) => product * n, 1);
    if (name === "__metadata__") {
      throw new RangeError("Cannot write safetensors: '__metadata__' is no name for an array");
    }
    if (data.length !== count) {
      throw new RangeError(
        `Cannot write safetensors: ${name}: [${shape.join(", ")}] needs ${count} values, ` +
          `found ${data.length}`,
      );
    }
  }
}

/** JSON padded with spaces, so that the values start at a multiple of 8 bytes. */
function headerOf(dict: StateDict, metadata: Record<string, string>): Uint8Array {
  const entries: [string, unknown][] = [];
  if (Object.keys(metadata).length > 0) entries.push(["__metadata__", metadata]);
  let offset = 0;
  for (const [name, { shape, data }] of dict) {
    const end = offset + data.byteLength;
    entries.push([name, { dtype: "F32", shape, data_offsets: [offset, end] }]);
    offset = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const padded = new Uint8Array(Math.ceil(json.length / 8) * 8).fill(0x20);
  padded.set(json);
  return padded;
}

/**
 * Writes weights as a safetensors file, float32, in the order of the dict. The same dict gives the same bytes.
 *
 * @example
 * ```ts
 * import { writeSafetensors } from "@mednext/mednext";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = writeSafetensors(new Map([["a", { shape: [1], data: new Float32Array([1]) }]]));
 * assertEquals([...bytes.subarray(-4)], [0, 0, 128, 63]);
 * ```
 * @param dict The weights.
 * @param metadata Texts to go with them; `{ format: "pt" }` makes the file one of PyTorch's.
 * @returns The bytes of the file.
 * @throws {RangeError} If the values of an array do not fill its shape.
 */
export function writeSafetensors(
  dict: StateDict,
  metadata: Record<string, string> = {},
): Uint8Array<ArrayBuffer> {
  checkParameters(dict);
  const header = headerOf(dict, metadata);
  const values = [...dict.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
  const bytes = new Uint8Array(LENGTH_BYTES + header.length + values);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, LENGTH_BYTES);
  let offset = LENGTH_BYTES + header.length;
  for (const { data } of dict.values()) {
    for (let i = 0; i < data.length; i++) view.setFloat32(offset + 4 * i, data[i], true);
    offset += data.byteLength;
  }
  return bytes;
}
