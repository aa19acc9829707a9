import { gzipSync, Unzlib } from "fflate";
import { registry } from "zarrita";
import { gzipSource } from "../nifti/gunzip.ts";
import { decodeZstd } from "./zstd.ts";

/** What a codec is told of the chunk. */
interface ChunkInfo {
  shape: number[];
  dataType: string;
}

/** Beyond the chunk's own bytes, what checksums or a small header may add. */
const SLACK_BYTES = 65536;

/** zarrita's numbers of 8 bytes are the longest; strings have no bound that the metadata tells. */
function limitOf({ shape, dataType }: ChunkInfo): number {
  if (!/^(u?int|float|bool)/.test(dataType)) return Infinity;
  return shape.reduce((product, length) => product * length, 8) + SLACK_BYTES;
}

function tooLarge(limit: number): RangeError {
  return new RangeError(`expected at most ${limit} bytes, found more`);
}

function inflateGzip(bytes: Uint8Array, limit: number): Uint8Array {
  const source = gzipSource(bytes);
  const pieces: Uint8Array[] = [];
  let length = 0;
  while (true) {
    const piece = new Uint8Array(SLACK_BYTES);
    const taken = source.take(piece);
    length += taken;
    if (length > limit) throw tooLarge(limit);
    pieces.push(piece.subarray(0, taken));
    if (taken < piece.length) break;
  }
  source.finish(0);
  return join(pieces, length);
}

function inflateZlib(bytes: Uint8Array, limit: number): Uint8Array {
  const pieces: Uint8Array[] = [];
  let length = 0;
  const inflater = new Unzlib((piece) => {
    length += piece.length;
    if (length > limit) throw tooLarge(limit);
    pieces.push(piece);
  });
  for (let start = 0; start < bytes.length; start += 16384) {
    inflater.push(bytes.subarray(start, start + 16384), start + 16384 >= bytes.length);
  }
  return join(pieces, length);
}

function join(pieces: Uint8Array[], length: number): Uint8Array {
  const result = new Uint8Array(length);
  let position = 0;
  for (const piece of pieces) {
    result.set(piece, position);
    position += piece.length;
  }
  return result;
}

const gzip = {
  kind: "bytes_to_bytes" as const,
  fromConfig: (config: unknown, chunk: ChunkInfo) => ({
    kind: "bytes_to_bytes" as const,
    encode: (bytes: Uint8Array) =>
      gzipSync(bytes, { level: (config as { level?: 1 } | undefined)?.level ?? 1, mtime: 0 }),
    decode: (bytes: Uint8Array) => inflateGzip(bytes, limitOf(chunk)),
  }),
};

const zlib = {
  kind: "bytes_to_bytes" as const,
  fromConfig: (_config: unknown, chunk: ChunkInfo) => ({
    kind: "bytes_to_bytes" as const,
    encode: (): never => {
      throw new TypeError("zlib is only read");
    },
    decode: (bytes: Uint8Array) => inflateZlib(bytes, limitOf(chunk)),
  }),
};

/** What the bytes of a compressor say they decode to; undefined when they do not say. */
const DECLARED: Record<string, (view: DataView) => number | undefined> = {
  blosc: (view) => view.byteLength >= 16 ? view.getUint32(4, true) : undefined,
  lz4: (view) => view.byteLength >= 4 ? view.getUint32(0, true) : undefined,
};

/** Decodes a chunk to at most `limit` bytes; `own` is zarrita's way. */
type Decode = (
  bytes: Uint8Array,
  limit: number,
  own: (bytes: Uint8Array) => Promise<Uint8Array>,
) => Uint8Array | Promise<Uint8Array>;

/** A codec of zarrita's with another way to decode. */
function withDecode(load: Load, decode: Decode): Load {
  return async () => {
    const { fromConfig } = await load();
    return {
      kind: "bytes_to_bytes",
      fromConfig(config, chunk) {
        const codec = fromConfig(config ?? {}, chunk);
        const own = codec.decode.bind(codec) as (bytes: Uint8Array) => Promise<Uint8Array>;
        return {
          kind: "bytes_to_bytes",
          encode: codec.encode.bind(codec),
          decode: (bytes: Uint8Array) => decode(bytes, limitOf(chunk), own),
        };
      },
    };
  };
}

/** Looks at the declared size before it decodes. */
function limited(declared: (view: DataView) => number | undefined): Decode {
  return (bytes, limit, own) => {
    const size = declared(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    if (size !== undefined && size > limit) throw tooLarge(limit);
    return own(bytes);
  };
}

type Load = Parameters<typeof registry.set>[1];

let isRegistered = false;

/**
 * Puts codecs of our own in zarrita's registry, once: zarrita's gzip and zlib inflate whatever a
 * chunk holds, however much that is, and do not write; its blosc and lz4 allocate what the chunk says;
 * its zstd reads by WebAssembly. On sound data ours do the same.
 */
export function registerCodecs(): void {
  if (isRegistered) return;
  isRegistered = true;
  for (const prefix of ["", "numcodecs."]) {
    registry.set(`${prefix}gzip`, () => Promise.resolve(gzip));
    registry.set(`${prefix}zlib`, () => Promise.resolve(zlib));
    for (const [name, declared] of Object.entries(DECLARED)) {
      const load = registry.get(`${prefix}${name}`);
      if (load) registry.set(`${prefix}${name}`, withDecode(load, limited(declared)));
    }
    const load = registry.get(`${prefix}zstd`);
    if (load) registry.set(`${prefix}zstd`, withDecode(load, decodeZstd));
  }
}
