import { HEADER_BYTES, type NiftiExtension, type NiftiHeader } from "./header.ts";

/**
 * Splits the bytes after the fixed header: four flag bytes, then extensions, each with its size,
 * its code and its data. Damaged ones do not hurt the voxels and only make a note.
 */
export function parseExtensions(
  bytes: Uint8Array,
  header: NiftiHeader,
  notes: string[],
): NiftiExtension[] {
  const extensions: NiftiExtension[] = [];
  if (bytes.length < 4 || bytes[0] === 0) return extensions;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let position = 4;
  while (position + 8 <= bytes.length) {
    const size = view.getInt32(position, header.littleEndian);
    if (size === 0) break;
    if (size < 8 || position + size > bytes.length) {
      const at = HEADER_BYTES[header.version] + position;
      notes.push(`the extension at byte ${at} says it has ${size} bytes and is passed over`);
      break;
    }
    extensions.push({
      code: view.getInt32(position + 4, header.littleEndian),
      data: bytes.slice(position + 8, position + size),
    });
    position += size;
  }
  return extensions;
}
