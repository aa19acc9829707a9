/**
 * Weights out of safetensors.
 * @module
 */
import type { StateDict } from "./parameter.ts";
import { DTYPES } from "./safetensors/dtypes.ts";
import { type Entry, readHeader } from "./safetensors/header.ts";

const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

function checkEntry({ name, dtype, shape, begin, end }: Entry): void {
  const size = DTYPES.get(dtype)!.bytes;
  // The product of a huge shape is not exact, but then it cannot equal a length in bytes either.
  const expected = shape.reduce((product, n) => product * n, size);
  if (expected !== end - begin) {
    throw new SyntaxError(
      `Cannot read safetensors: ${name}: ${dtype} [${shape.join(", ")}] needs ${expected} bytes, ` +
        `found ${end - begin}`,
    );
  }
}

function valuesOf(entry: Entry, data: Uint8Array): Float32Array {
  const own = data.subarray(entry.begin, entry.end);
  // A copy starts at offset 0, so the bytes need no alignment in the file.
  if (entry.dtype === "F32" && littleEndian) return new Float32Array(own.slice().buffer);
  const { bytes, read } = DTYPES.get(entry.dtype)!;
  const view = new DataView(own.buffer, own.byteOffset, own.byteLength);
  const values = new Float32Array(own.length / bytes);
  for (let i = 0; i < values.length; i++) values[i] = read(view, i * bytes);
  return values;
}

/**
 * Reads the arrays of a safetensors file as float32. F32, F16, BF16 and F64 are converted.
 *
 * The bytes are not trusted: header length, offsets, overlaps, gaps and sizes are checked before anything is copied.
 *
 * @example
 * ```ts
 * import { readSafetensors, writeSafetensors } from "@mednext/mednext";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = writeSafetensors(
 *   new Map([["stem.bias", { shape: [2], data: new Float32Array([1, 2]) }]]),
 * );
 * assertEquals(readSafetensors(bytes).get("stem.bias")?.data, new Float32Array([1, 2]));
 * ```
 * @param bytes The whole file; a view into a larger buffer is fine.
 * @returns Arrays of their own, by name, in the order of their bytes.
 * @throws {SyntaxError} If the bytes are not a safetensors file.
 * @throws {TypeError} Names every array whose type is not one of the four.
 */
export function readSafetensors(bytes: Uint8Array): StateDict {
  const { entries, dataStart } = readHeader(bytes);
  const refused = entries.filter(({ dtype }) => !DTYPES.has(dtype));
  if (refused.length > 0) {
    throw new TypeError(
      `Cannot read safetensors as float32: expected ${[...DTYPES.keys()].join(", ")}, found ` +
        refused.map(({ name, dtype }) => `${name}: ${dtype}`).join(", "),
    );
  }
  entries.forEach(checkEntry);
  const data = bytes.subarray(dataStart);
  return new Map(
    entries.map((entry) => [entry.name, { shape: entry.shape, data: valuesOf(entry, data) }]),
  );
}
