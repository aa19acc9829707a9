import * as zlib from "node:zlib";

const frameMagic = 0xfd2fb528;

/**
 * Decodes a chunk in Zstandard (RFC 8878) by the platform's own decoder, not by WebAssembly: a
 * process may run without V8's checks of WebAssembly's memory (`v8Flags()` of `@mednext/kernels`).
 *
 * @param bytes One frame.
 * @param limit Most bytes that it may decode to.
 * @throws {RangeError} If there are more.
 * @throws {Error} If the chunk is damaged or cut off, or there is more behind the frame.
 */
export function decodeZstd(bytes: Uint8Array, limit: number): Uint8Array {
  checkEnd(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const maxOutputLength = Math.min(limit, 2 ** 32);
  try {
    return new Uint8Array(zlib.zstdDecompressSync(bytes, { maxOutputLength }));
  } catch (error) {
    if ((error as { code?: string }).code !== "ERR_BUFFER_TOO_LARGE") throw error;
    throw new RangeError(`expected at most ${limit} bytes, found more`);
  }
}

/** The platform takes what there is of one frame, and says nothing of what is missing or more. */
function checkEnd(view: DataView): void {
  const end = endOfFrame(view);
  if (end === view.byteLength) return;
  throw new Error(`expected one Zstandard frame of ${end} bytes, found ${view.byteLength}`);
}

function endOfFrame(view: DataView): number {
  const magic = view.getUint32(0, true);
  if (magic !== frameMagic) throw new Error("expected a Zstandard frame, found none");
  const descriptor = view.getUint8(4);
  const isSingleSegment = (descriptor & 32) !== 0;
  const sizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6];
  let at = 5 + (isSingleSegment ? 0 : 1) + [0, 1, 2, 4][descriptor & 3] + sizeBytes;
  for (let isLast = false; !isLast;) {
    const block = view.getUint16(at, true) | view.getUint8(at + 2) << 16;
    const isRepeat = (block >> 1 & 3) === 1;
    isLast = (block & 1) === 1;
    at += 3 + (isRepeat ? 1 : block >> 3);
  }
  return at + ((descriptor & 4) === 0 ? 0 : 4);
}
