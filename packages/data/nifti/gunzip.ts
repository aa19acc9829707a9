import { Gunzip } from "fflate";
import { crc32 } from "./crc32.ts";

/** Bytes taken in order, as many as are asked for. */
export interface ByteSource {
  /** Fills the target as far as there are bytes and returns how many were written. */
  take(target: Uint8Array): number;
  /**
   * Reads what is left and checks that the data were whole; gives up after `limit` bytes with
   * "more".
   */
  finish(limit: number): "whole" | "more";
}

/** Bytes in memory, read as they are. */
export function plainSource(bytes: Uint8Array): ByteSource {
  let position = 0;
  return {
    take(target) {
      const piece = bytes.subarray(position, position + target.length);
      target.set(piece);
      position += piece.length;
      return piece.length;
    },
    finish: () => "whole",
  };
}

/** True for data that start as a gzip file does. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Bytes that are inflated at one time: at most about 1032 times as many come out. */
const SMALL_PIECE = 16384;

/** For data that do not shrink much, where a larger piece is twice as fast. */
const LARGE_PIECE = 262144;

/**
 * A gzip file in memory, inflated only as far as its bytes are taken, so that a file that
 * inflates to more than its header says costs no memory. fflate inflates and follows the members
 * of a file; it does not check their checksums, so this does.
 */
export function gzipSource(bytes: Uint8Array): ByteSource {
  const ready: Uint8Array[] = [];
  let position = 0;
  let checksum = 0;
  let length = 0;
  let total = 0;
  const inflater = new Gunzip((piece) => {
    if (piece.length === 0) return;
    checksum = crc32(piece, checksum);
    length += piece.length;
    total += piece.length;
    ready.push(piece);
  });
  inflater.onmember = (start) => {
    checkTrailer(bytes, start, { checksum, length });
    checksum = 0;
    length = 0;
  };

  function inflateMore(): boolean {
    if (position >= bytes.length) return false;
    const isDense = position > 0 && total < 16 * position;
    const piece = bytes.subarray(position, position + (isDense ? LARGE_PIECE : SMALL_PIECE));
    position += piece.length;
    inflater.push(piece, false);
    return true;
  }

  return {
    take(target) {
      let written = 0;
      while (written < target.length) {
        const piece = ready.shift();
        if (piece === undefined) {
          if (!inflateMore()) break;
          continue;
        }
        const part = piece.subarray(0, target.length - written);
        target.set(part, written);
        written += part.length;
        if (part.length < piece.length) ready.unshift(piece.subarray(part.length));
      }
      return written;
    },
    finish(limit) {
      let extra = 0;
      do {
        for (const piece of ready) extra += piece.length;
        ready.length = 0;
        if (extra > limit) return "more";
      } while (inflateMore());
      checkTrailer(bytes, bytes.length, { checksum, length });
      return "whole";
    },
  };
}

/**
 * Compares the trailer that ends before `end` (RFC 1952: CRC-32, then the length) with the data.
 */
function checkTrailer(
  bytes: Uint8Array,
  end: number,
  inflated: { checksum: number; length: number },
): void {
  if (end < 18) throw new SyntaxError("an unfinished gzip file");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const checksum = view.getUint32(end - 8, true);
  const length = view.getUint32(end - 4, true);
  if (checksum !== inflated.checksum || length !== inflated.length % 2 ** 32) {
    throw new SyntaxError("gzip data that do not match their checksum");
  }
}
