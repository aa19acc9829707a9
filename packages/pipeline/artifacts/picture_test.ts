import { assert, assertEquals } from "@std/assert";
import { decode } from "fast-png";
import { renderPicture } from "./picture.ts";

const grid = {
  shape: [2, 4, 4] as [number, number, number],
  spacing: [2, 1, 1] as [number, number, number],
};
const image = Float32Array.from({ length: 32 }, (_, voxel) => voxel);

Deno.test("renderPicture() draws three planes by three columns", () => {
  const mask = new Uint8Array(32);
  const { width, height, channels } = decode(renderPicture({ image, truth: mask, mask }, grid));
  // Every plane is 4 mm x 4 mm, so every panel is 240 x 240, with gaps of 4 around.
  assertEquals([width, height, channels], [3 * 244 + 4, 3 * 244 + 4, 3]);
});

Deno.test("renderPicture() leaves the truth out where there is none", () => {
  const { width } = decode(renderPicture({ image, mask: new Uint8Array(32) }, grid));
  assertEquals(width, 2 * 244 + 4);
});

Deno.test("renderPicture() paints a label in colour at its place, right and front first", () => {
  const mask = new Uint8Array(32);
  mask[16 + 3 * 4 + 3] = 1; // z = 1, y = 3 (front), x = 3 (right): the top left corner of the axial panel
  const { data, width } = decode(renderPicture({ image, mask }, grid));
  const pixel = (row: number, column: number) => {
    const at = (row * width + column) * 3;
    return [...data.subarray(at, at + 3)];
  };
  const inMask = 4 + 240 + 4;
  const [red, , blue] = pixel(6, inMask + 2);
  assert(red > blue + 50, "the first label is orange");
  const elsewhere = pixel(6 + 120, inMask + 2 + 120);
  assertEquals(elsewhere[0], elsewhere[2]);
});

Deno.test("renderPicture() draws images of one value or of none that is finite", () => {
  const mask = new Uint8Array(32);
  for (const value of [7, NaN]) {
    assert(renderPicture({ image: new Float32Array(32).fill(value), mask }, grid).length > 0);
  }
});
