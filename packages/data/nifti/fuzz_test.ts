import { assertEquals } from "@std/assert";
import { gzipSync } from "fflate";
import { decodeNifti } from "./decode_nifti.ts";
import { encodeNifti } from "./encode_nifti.ts";

const SOUND = encodeNifti({
  data: Int16Array.from({ length: 120 }, (_, i) => i * 7 - 300),
  shape: [4, 5, 6],
  channels: 1,
  spacing: [2, 1, 1],
  affine: [1, 0, 0, 3, 0, 1, 0, 4, 0, 0, 2, 5, 0, 0, 0, 1],
});

/** A small generator of its own (xorshift), so that a failure comes again. */
function generator(seed: number): (below: number) => number {
  let state = seed * 2654435761 >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function damaged(bytes: Uint8Array, seed: number): Uint8Array {
  const next = generator(seed);
  const result = bytes.slice(0, seed % 3 === 0 ? next(bytes.length + 1) : bytes.length);
  const flips = 1 + next(4);
  for (let i = 0; i < flips && result.length > 0; i++) result[next(result.length)] ^= 1 << next(8);
  return result;
}

Deno.test("decodeNifti() reads damaged bytes or names the file, and nothing else", () => {
  const problems: string[] = [];
  let [read, refused] = [0, 0];
  for (const bytes of [SOUND, SOUND.subarray(0, 400), gzipSync(SOUND)]) {
    for (let seed = 1; seed <= 1000; seed++) {
      try {
        const volume = decodeNifti(damaged(bytes, seed), "fuzz", { maxBytes: 2 ** 20 });
        read++;
        if (volume.data.byteLength > 2 ** 20) {
          problems.push(`${seed}: ${volume.data.byteLength} bytes`);
        }
      } catch (error) {
        refused++;
        const message = error instanceof Error ? error.message : String(error);
        if (!message.startsWith("Cannot read 'fuzz' as ")) problems.push(`${seed}: ${message}`);
      }
    }
  }
  assertEquals(problems, []);
  // Both ends are met: some flips hit a voxel or a text, some the header.
  assertEquals([read > 500, refused > 500], [true, true]);
});
