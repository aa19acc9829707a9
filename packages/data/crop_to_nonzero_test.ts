import { assertEquals, assertThrows } from "@std/assert";
import { fillHoles } from "./crop/fill_holes.ts";
import { cropToNonzero } from "./crop_to_nonzero.ts";
import golden from "./testdata/preprocess.json" with { type: "json" };
import type { Triple } from "./volume.ts";

Deno.test("fillHoles() equals scipy's binary_fill_holes", () => {
  const mask = Uint8Array.from(golden.holes.mask);
  fillHoles(mask, golden.holes.shape as Triple);
  assertEquals([...mask], golden.holes.filled);
});

Deno.test("fillHoles() fills a hollow cube and leaves one with a tunnel", () => {
  const shape: Triple = [9, 9, 9];
  for (const hasTunnel of [false, true]) {
    const mask = new Uint8Array(729);
    for (let i = 0; i < 729; i++) {
      const place = [Math.floor(i / 81), Math.floor(i / 9) % 9, i % 9];
      const isShell = place.every((p) => p >= 1 && p <= 7) && place.some((p) => p === 1 || p === 7);
      mask[i] = isShell && !(hasTunnel && place.join() === "4,7,4") ? 1 : 0;
    }
    fillHoles(mask, shape);
    const filled = mask.reduce((sum, value) => sum + value, 0);
    assertEquals(filled, hasTunnel ? 7 ** 3 - 5 ** 3 - 1 : 7 ** 3);
  }
});

Deno.test("cropToNonzero() marks what is empty inside the box, and only there", () => {
  // A ring around a hole in the second of two channels; the first channel has one voxel.
  const ring = [1, 1, 1, 1, 0, 1, 1, 1, 1];
  const image = new Float32Array(2 * 25);
  const label = new Int16Array(25).fill(0);
  for (let y = 0; y < 3; y++) {
    for (let x = 0; x < 3; x++) image[2 * ((y + 1) * 5 + x + 1) + 1] = ring[3 * y + x];
  }
  image[2 * (4 * 5 + 2)] = 7;
  label[4 * 5 + 1] = 3;
  const crop = cropToNonzero(image, { shape: [1, 5, 5], channels: 2, label });
  assertEquals(crop.box, { start: [0, 1, 1], stop: [1, 5, 4] });
  assertEquals(crop.shape, [1, 4, 3]);
  // In one slice the ring's middle is open above and below, so it is no hole.
  assertEquals([...crop.label], [0, 0, 0, 0, -1, 0, 0, 0, 0, 3, 0, -1]);
  assertEquals([...crop.image.filter((_, i) => i % 2 === 1)], [...ring, 0, 0, 0]);
});

Deno.test("cropToNonzero() leaves an image of zeros whole", () => {
  const crop = cropToNonzero(new Float32Array(8), { shape: [2, 2, 2] });
  assertEquals(crop.box, { start: [0, 0, 0], stop: [2, 2, 2] });
  assertEquals([...crop.label], new Array(8).fill(-1));
});

Deno.test("cropToNonzero() throws when image or label do not have the shape", () => {
  assertEquals(
    assertThrows(() => cropToNonzero(new Float32Array(7), { shape: [2, 2, 2] }), RangeError)
      .message,
    "Cannot crop to nonzero: the image must hold 8 values, found 7",
  );
  const label = new Int16Array(9);
  assertEquals(
    assertThrows(() => cropToNonzero(new Float32Array(8), { shape: [2, 2, 2], label }), RangeError)
      .message,
    "Cannot crop to nonzero: the label must hold 8 values, found 9",
  );
});
