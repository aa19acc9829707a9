import { assertEquals } from "@std/assert";
import { sameGrid } from "./same_grid.ts";
import type { Triple } from "./volume.ts";

const GRID = {
  shape: [20, 64, 32] as Triple,
  spacing: [3, 1, 1] as Triple,
  affine: [1, 0, 0, -10, 0, 1, 0, 20, 0, 0, 3, 30, 0, 0, 0, 1],
};

Deno.test("sameGrid() finds nothing between equal grids, or beyond rounding", () => {
  assertEquals(sameGrid(GRID, GRID), []);
  const rounded = { ...GRID, affine: GRID.affine.map((value) => Math.fround(value * (1 + 1e-6))) };
  assertEquals(sameGrid(GRID, rounded), []);
});

Deno.test("sameGrid() says what differs, with both values", () => {
  assertEquals(sameGrid(GRID, { ...GRID, shape: [20, 64, 31] }), [
    "shape: 20x64x32 and 20x64x31 (z, y, x)",
  ]);
  assertEquals(
    sameGrid(GRID, { ...GRID, spacing: [3.1, 1, 1], affine: GRID.affine.with(10, 3.1) }),
    [
      "spacing: 3 x 1 x 1 and 3.1 x 1 x 1 mm (z, y, x)",
      "affine: the same voxel lies up to 1.9 mm apart (first voxels at (-10, 20, 30) and (-10, 20, 30) mm)",
    ],
  );
  assertEquals(sameGrid(GRID, { ...GRID, affine: GRID.affine.with(3, -10.5) }), [
    "affine: the same voxel lies up to 0.5 mm apart (first voxels at (-10, 20, 30) and (-10.5, 20, 30) mm)",
  ]);
});

Deno.test("sameGrid() sees a mirrored axis and NaN", () => {
  assertEquals(sameGrid(GRID, { ...GRID, affine: GRID.affine.with(0, -1) }), [
    "affine: the same voxel lies up to 62 mm apart (first voxels at (-10, 20, 30) and (-10, 20, 30) mm)",
  ]);
  assertEquals(sameGrid(GRID, { ...GRID, affine: GRID.affine.with(0, NaN) }), [
    "affine: the same voxel lies up to NaN mm apart (first voxels at (-10, 20, 30) and (-10, 20, 30) mm)",
  ]);
});

Deno.test("sameGrid() takes its tolerance as a share of the smallest spacing", () => {
  const moved = { ...GRID, affine: GRID.affine.with(3, -10.5) };
  assertEquals(sameGrid(GRID, moved, { tolerance: 0.6 }), []);
  assertEquals(sameGrid(GRID, moved, { tolerance: 0.4 }).length, 1);
});
