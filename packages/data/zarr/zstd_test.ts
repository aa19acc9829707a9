import { assertEquals, assertThrows } from "@std/assert";
import { constants, zstdCompressSync } from "node:zlib";
import { registry } from "zarrita";
import { decodeZstd } from "./zstd.ts";

/** Three kinds of blocks: raw, repeated, compressed. */
const CONTENT = Uint8Array.from(
  { length: 400_000 },
  (_, i) => i < 2000 ? i * i * 7919 >> 7 : i < 280_000 ? 0 : i >> 4,
);
/** By two encoders: with and without a declared size, with and without a checksum. */
const FRAMES = [
  ...[0, 1].map((checksum) => {
    const params = { [constants.ZSTD_c_checksumFlag]: checksum };
    return new Uint8Array(zstdCompressSync(CONTENT, { params }));
  }),
  await encodeByZarrita(CONTENT),
];

async function encodeByZarrita(bytes: Uint8Array): Promise<Uint8Array> {
  const { fromConfig } = await registry.get("zstd")!();
  const codec = fromConfig({ level: 3 }, { dataType: "uint8", shape: [bytes.length] } as never);
  return await codec.encode(bytes as never) as Uint8Array;
}

Deno.test("decodeZstd() gives back the content of a frame", () => {
  for (const frame of FRAMES) assertEquals(decodeZstd(frame, CONTENT.length), CONTENT);
});

Deno.test("decodeZstd() refuses a frame that is cut off anywhere", () => {
  for (const frame of FRAMES) {
    for (let length = 0; length < frame.length; length += length < 40 ? 1 : 97) {
      assertThrows(() => decodeZstd(frame.subarray(0, length), CONTENT.length));
    }
    assertThrows(() => decodeZstd(frame.subarray(0, -1), CONTENT.length));
  }
});

Deno.test("decodeZstd() refuses more than the limit, more than a frame and what is none", () => {
  for (const frame of FRAMES) {
    assertThrows(
      () => decodeZstd(frame, CONTENT.length - 1),
      RangeError,
      `expected at most ${CONTENT.length - 1} bytes, found more`,
    );
  }
  const [frame] = FRAMES;
  assertThrows(
    () => decodeZstd(Uint8Array.of(...frame, ...frame), 2 * CONTENT.length),
    Error,
    `expected one Zstandard frame of ${frame.length} bytes, found ${2 * frame.length}`,
  );
  assertThrows(
    () => decodeZstd(new Uint8Array(40), 100),
    Error,
    "expected a Zstandard frame, found none",
  );
});
