import { HEADER_BYTES, type NiftiHeader, parseHeader } from "./header.ts";
import { countOf } from "./layout.ts";
import { storedBytes } from "./voxels.ts";

/** Deflate makes data at most this many times shorter. */
const LARGEST_RATIO = 1032;

/** What a single file may hold after its voxels. */
const SLACK_BYTES = 2 ** 16;

/**
 * The content of a gzipped single file by the platform's own inflater, which is about three times
 * as fast as one in a script. It gives up, with undefined, on whatever is not plain: several
 * members, damage, a header that cannot be read, more or less data than the header says. The
 * other inflater then reads such a file or says what is wrong with it.
 */
export async function inflateNatively(
  bytes: Uint8Array<ArrayBuffer>,
  maxBytes: number,
): Promise<Uint8Array | undefined> {
  try {
    return await inflate(bytes, maxBytes);
  } catch {
    return undefined;
  }
}

async function inflate(
  bytes: Uint8Array<ArrayBuffer>,
  maxBytes: number,
): Promise<Uint8Array | undefined> {
  const stream = ReadableStream.from(piecesOf(bytes)).pipeThrough(new DecompressionStream("gzip"));
  let start = new Uint8Array(0);
  let content: Uint8Array | undefined;
  let filled = 0;
  for await (const piece of stream) {
    if (content !== undefined) {
      if (filled + piece.length > content.length) return undefined;
      content.set(piece, filled);
      filled += piece.length;
      continue;
    }
    start = joined(start, piece);
    if (start.length < HEADER_BYTES[2]) continue;
    const size = contentSize(parseHeader(start, "a header")) + SLACK_BYTES;
    const isCredible = size <= maxBytes + SLACK_BYTES &&
      size <= LARGEST_RATIO * bytes.length + SLACK_BYTES;
    if (!isCredible || start.length > size) return undefined;
    content = new Uint8Array(size);
    content.set(start);
    filled = start.length;
  }
  return content?.subarray(0, filled);
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(a.length + b.length);
  result.set(a);
  result.set(b, a.length);
  return result;
}

/** Bytes of a single file by its header. */
function contentSize(header: NiftiHeader): number {
  return header.voxelOffset + countOf(header) * storedBytes(header.datatype);
}

function* piecesOf(bytes: Uint8Array<ArrayBuffer>): Generator<Uint8Array<ArrayBuffer>> {
  for (let start = 0; start < bytes.length; start += 65536) {
    yield bytes.subarray(start, start + 65536);
  }
}
