import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { randomStream } from "../random.ts";
import { mirror } from "./mirror.ts";
import { randomMirrorAxes } from "./random_mirror_axes.ts";

Deno.test("mirror() reverses each choice of axes and keeps the channels together", () => {
  const shape: [number, number, number] = [2, 3, 4];
  const data = Float32Array.from({ length: 48 }, (_, i) => i);
  for (const axes of [[], [0], [1], [2], [0, 2], [0, 1, 2]]) {
    const result = mirror(data, { shape, channels: 2, axes });
    for (let z = 0, at = 0; z < 2; z++) {
      for (let y = 0; y < 3; y++) {
        for (let x = 0; x < 4; x++) {
          const from = [z, y, x].map((i, axis) => axes.includes(axis) ? shape[axis] - 1 - i : i);
          for (let c = 0; c < 2; c++) {
            assertEquals(result[at++], ((from[0] * 3 + from[1]) * 4 + from[2]) * 2 + c);
          }
        }
      }
    }
    assertEquals(mirror(result, { shape, channels: 2, axes }), data);
  }
});

Deno.test("mirror() throws when shape or axis do not fit", () => {
  assertEquals(
    assertThrows(() => mirror(new Int32Array(3), { shape: [1, 1, 4], axes: [2] }), RangeError)
      .message,
    "Cannot mirror 1 x 1 x 4 voxels: the data must hold 4 values, found 3",
  );
  assertEquals(
    assertThrows(() => mirror(new Int32Array(4), { shape: [1, 1, 4], axes: [3] }), RangeError)
      .message,
    "Cannot mirror: every axis must be 0, 1 or 2, found 3",
  );
});

Deno.test("randomMirrorAxes() takes each axis half of the time, independently", () => {
  const n = 4000, counts = new Map<string, number>();
  for (let i = 0; i < n; i++) {
    const key = randomMirrorAxes([0, 1, 2], randomStream(3, i)).join("");
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  assertEquals(counts.size, 8);
  for (const count of counts.values()) {
    assertAlmostEquals(count, n / 8, 4 * Math.sqrt(n * 7 / 64));
  }
});
