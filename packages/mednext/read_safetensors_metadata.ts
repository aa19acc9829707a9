/**
 * The texts of a safetensors file.
 * @module
 */
import { readHeader } from "./safetensors/header.ts";

/**
 * Reads the `__metadata__` of a safetensors file: texts by name, empty where there are none.
 *
 * @example
 * ```ts
 * import { readSafetensorsMetadata, writeSafetensors } from "@mednext/mednext";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = writeSafetensors(new Map(), { format: "pt" });
 * assertEquals(readSafetensorsMetadata(bytes), { format: "pt" });
 * ```
 * @param bytes The whole file.
 * @returns The texts.
 * @throws {SyntaxError} If the bytes are not a safetensors file.
 */
export function readSafetensorsMetadata(bytes: Uint8Array): Record<string, string> {
  return readHeader(bytes).metadata;
}
