import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { surfelAreas } from "./surfel_areas.ts";

Deno.test("surfelAreas() is the same when inside and outside are exchanged", () => {
  const areas = surfelAreas([3, 1, 0.7]);
  for (let code = 0; code < 256; code++) {
    assertAlmostEquals(areas[code], areas[255 - code], 1e-12, `code ${code}`);
  }
  assertEquals([areas[0], areas[255]], [0, 0]);
});

Deno.test("surfelAreas() gives the face of the voxel when half of the cell is set", () => {
  const areas = surfelAreas([3, 2, 0.5]);
  assertAlmostEquals(areas[0b11110000], 2 * 0.5); // z = 0 side: a face of y by x
  assertAlmostEquals(areas[0b11001100], 3 * 0.5); // y = 0 side
  assertAlmostEquals(areas[0b10101010], 3 * 2); // x = 0 side
});

Deno.test("surfelAreas() measures each corner and each edge alike when spacing is 1", () => {
  const areas = surfelAreas([1, 1, 1]);
  for (let bit = 0; bit < 8; bit++) assertAlmostEquals(areas[1 << bit], Math.sqrt(3) / 8);
  for (const edge of [0b11, 0b101, 0b10001, 0b11000000]) {
    assertAlmostEquals(areas[edge], Math.SQRT1_2);
  }
  assertAlmostEquals(areas[0b1001], Math.sqrt(3) / 4); // a diagonal: two corners apart
  assertAlmostEquals(areas[0b111], 0.5 + 3 * Math.sqrt(3) / 8); // three in an L: not planar
});

Deno.test("surfelAreas() throws when a spacing is not positive", () => {
  assertThrows(
    () => surfelAreas([1, 0, 1]),
    RangeError,
    "Cannot compute surfel areas as 'spacing' must be three positive numbers of millimetres [z, y, x]: current value is [1, 0, 1]",
  );
});
