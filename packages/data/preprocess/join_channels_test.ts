import { assertEquals, assertThrows } from "@std/assert";
import type { Volume } from "../volume.ts";
import { joinChannels } from "./join_channels.ts";

function volume(data: Volume["data"], channels: number): Volume {
  const affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
  return { data, shape: [1, 1, data.length / channels], channels, spacing: [1, 1, 1], affine };
}

Deno.test("joinChannels() interleaves volumes of one and of several channels in order", () => {
  const joined = joinChannels([
    volume(Uint8Array.of(1, 2), 1),
    volume(Int16Array.of(10, 20, 11, 21), 2),
  ]);
  assertEquals(joined.channels, 3);
  assertEquals(joined.data, Float32Array.of(1, 10, 20, 2, 11, 21));
});

Deno.test("joinChannels() refuses no volumes, and volumes of different sizes", () => {
  assertEquals(
    assertThrows(() => joinChannels([]), RangeError).message,
    "Cannot join channels: expected at least one volume, found none",
  );
  const sizes = [volume(new Uint8Array(4), 2), volume(new Uint8Array(3), 1)];
  assertEquals(
    assertThrows(() => joinChannels(sizes), RangeError).message,
    "Cannot join channels: expected 2 voxels in each volume, found 2, 3",
  );
});
