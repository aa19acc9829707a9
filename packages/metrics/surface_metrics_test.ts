import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { HAUSDORFF_CONVENTIONS, SURFACE_DICE_CONVENTIONS } from "./conventions.ts";
import { dice } from "./dice.ts";
import type { Grid, Triple } from "./grid.ts";
import { hausdorff } from "./hausdorff.ts";
import { hausdorff95 } from "./hausdorff95.ts";
import { surfaceDice } from "./surface_dice.ts";
import { surfaceDistances } from "./surface_distances.ts";

const grid: Grid = { shape: [12, 12, 12], spacing: [3, 1, 1] };

/** A box of some size, with one of its corners missing, at a place in the grid. */
function block(at: Triple, size: Triple, { shape } = grid): Uint8Array {
  const mask = new Uint8Array(shape[0] * shape[1] * shape[2]);
  for (let z = 0; z < size[0]; z++) {
    for (let y = 0; y < size[1]; y++) {
      const row = ((at[0] + z) * shape[1] + at[1] + y) * shape[2] + at[2];
      mask.fill(1, row + (z + y === 0 ? 1 : 0), row + size[2]);
    }
  }
  return mask;
}

/** Every surface metric in every convention. */
function all(reference: Uint8Array, prediction: Uint8Array, on: Grid = grid): number[] {
  return [
    ...SURFACE_DICE_CONVENTIONS.map((convention) =>
      surfaceDice(reference, prediction, { ...on, convention, tolerance: 1 }).value
    ),
    ...HAUSDORFF_CONVENTIONS.map((convention) =>
      hausdorff95(reference, prediction, { ...on, convention }).value
    ),
  ];
}

function assertClose(actual: number[], expected: number[]): void {
  assertEquals(actual.length, expected.length);
  actual.forEach((value, i) => assertAlmostEquals(value, expected[i], 1e-12));
}

const [a, b] = [block([3, 3, 3], [4, 5, 6]), block([4, 3, 2], [4, 6, 5])];
const perfect = [1, 1, 1, 1, 1, 0, 0, 0, 0];

Deno.test("surface metrics are the same when reference and prediction are exchanged", () => {
  assertClose(all(a, b), all(b, a));
});

Deno.test("surface metrics are the same when both masks move, also to the edge of the grid", () => {
  const expected = all(a, b);
  for (const [dz, dy, dx] of [[1, 1, 1], [-3, -3, -2], [4, 3, 3]]) {
    const moved = all(
      block([3 + dz, 3 + dy, 3 + dx], [4, 5, 6]),
      block([4 + dz, 3 + dy, 2 + dx], [4, 6, 5]),
    );
    assertClose(moved, expected);
  }
});

Deno.test("surface metrics are the same when axes and spacing are exchanged together", () => {
  const swap = (mask: Uint8Array) =>
    mask.map((_, i) => mask[((i % 12) * 12 + Math.floor(i / 12) % 12) * 12 + Math.floor(i / 144)]);
  const swapped = { shape: grid.shape, spacing: [1, 1, 3] as Triple };
  assertClose(all(swap(a), swap(b), swapped), all(a, b));
});

Deno.test("surface metrics are perfect when the masks are equal", () => {
  assertEquals(all(a, a), perfect);
  const full = new Uint8Array(12 ** 3).fill(1); // touches every edge: the outside counts as empty
  assertEquals(all(full, full), perfect);
});

Deno.test("surfaceDice() is 1 when the tolerance is huge and 0 when masks are far apart", () => {
  const far = block([0, 0, 0], [1, 1, 2]);
  for (const convention of SURFACE_DICE_CONVENTIONS) {
    const value = (tolerance: number) =>
      surfaceDice(far, a, { ...grid, convention, tolerance }).value;
    assertEquals([value(1e6), value(0.5)], [1, 0]);
  }
});

Deno.test("hausdorff() measures along each axis when given single voxels", () => {
  const spacing: Triple = [3, 0.5, 1.25];
  const voxel = (at: Triple) => block(at, [1, 1, 2]); // its first voxel is the missing corner
  const origin = voxel([2, 2, 2]);
  const cases: [Triple, number][] = [[[4, 2, 2], 6], [[2, 5, 2], 1.5], [[2, 2, 6], 5]];
  for (const [at, distance] of cases) {
    for (const convention of HAUSDORFF_CONVENTIONS) {
      const options = { shape: grid.shape, spacing, convention };
      assertEquals(hausdorff(origin, voxel(at), options).value, distance);
    }
  }
});

Deno.test("surfaceDice() includes a distance that equals the tolerance", () => {
  const [near, moved] = [block([3, 3, 3], [1, 1, 2]), block([3, 3, 6], [1, 1, 2])];
  const options = {
    shape: grid.shape,
    spacing: [3, 1, 0.7] as Triple,
    convention: "medpy",
  } as const;
  assertEquals(surfaceDice(near, moved, { ...options, tolerance: 3 * 0.7 }).value, 1);
  assertEquals(surfaceDice(near, moved, { ...options, tolerance: 2.0999 }).value, 0);
});

Deno.test("surface metrics take the labels that they are given when given label maps", () => {
  const maps = [a, b].map((mask) => Float32Array.from(mask, (value, i) => value * (1 + i % 2) * 3));
  const options = { ...grid, convention: "deepmind", tolerance: 1 } as const;
  const region = surfaceDice(maps[0], maps[1], { ...options, labels: [3, 6] }).value;
  assertEquals(region, surfaceDice(a, b, options).value);
  assertEquals(dice(maps[0], maps[1], { labels: [3, 6] }).value, dice(a, b).value);
  const odd = (mask: Uint8Array) => mask.map((value, i) => value * (i % 2));
  assertEquals(dice(maps[0], maps[1], { labels: [6] }).value, dice(odd(a), odd(b)).value);
});

Deno.test("surfaceDistances() gives Infinity when the other mask is empty, nothing when both are", () => {
  const empty = new Uint8Array(12 ** 3);
  for (const elements of ["surfel", "voxel"] as const) {
    const one = surfaceDistances(block([0, 0, 0], [1, 1, 2]), empty, { ...grid, elements });
    assertEquals([...new Set(one.referenceToPrediction)], [Infinity]);
    assertEquals(one.predictionToReference.length, 0);
    const both = surfaceDistances(empty, empty, { ...grid, elements });
    assertEquals(both.referenceWeights.length + both.predictionWeights.length, 0);
  }
});

Deno.test("surface metrics name their convention, tolerance and percentile", () => {
  const options = { ...grid, convention: "medpy" } as const;
  const { value: _nsd, ...nsd } = surfaceDice(a, b, { ...options, tolerance: 2 });
  const { value: _distance, ...distance } = hausdorff(a, b, { ...options, percentile: 50 });
  assertEquals<unknown>(nsd, { metric: "nsd", convention: "medpy", tolerance: 2 });
  assertEquals<unknown>(distance, { metric: "hausdorff", convention: "medpy", percentile: 50 });
});

Deno.test("metrics throw when their input is not valid", () => {
  const options = { ...grid, convention: "deepmind", tolerance: 1 } as const;
  const short = new Uint8Array(5);
  const invalid = Float32Array.from(a);
  invalid[7] = NaN;
  const cases: [() => unknown, string][] = [
    [
      () => dice(a, short),
      "Cannot compute dice as 'prediction' must have as many voxels as 'reference', 1728: current value has 5",
    ],
    [
      () => dice(a, invalid),
      "Cannot compute dice as 'prediction' must hold numbers only: current value has NaN at voxel 7",
    ],
    [
      () => dice(a, b, { labels: [] }),
      "Cannot compute dice as the values of a label must be one integer or more: current value is []",
    ],
    [
      () => surfaceDice(a, short, options),
      "Cannot compute nsd as 'prediction' must have 1728 voxels for shape [12, 12, 12]: current value has 5",
    ],
    [
      () => surfaceDice(a, b, { ...options, spacing: [1, -1, 1] }),
      "Cannot compute nsd as 'spacing' must be three positive numbers of millimetres [z, y, x]: current value is [1, -1, 1]",
    ],
    [
      () => surfaceDice(a, b, { ...options, spacing: [1, NaN, 1] }),
      "Cannot compute nsd as 'spacing' must be three positive numbers of millimetres [z, y, x]: current value is [1, NaN, 1]",
    ],
    [
      () => hausdorff95(a, b, { ...options, shape: [12, 12.5, 12] }),
      "Cannot compute hausdorff as 'shape' must be three positive integers [D, H, W]: current value is [12, 12.5, 12]",
    ],
    [
      () => surfaceDice(a, b, { ...options, tolerance: -1 }),
      "Cannot compute nsd as 'tolerance' must be a number of millimetres of at least 0: current value is -1",
    ],
    [
      () => hausdorff(a, b, { ...options, percentile: 101 }),
      "Cannot compute hausdorff as 'percentile' must be a number from 0 to 100: current value is 101",
    ],
    [
      () => surfaceDice(a, b, { ...options, convention: "toString" as "deepmind" }),
      "Cannot compute nsd as 'convention' must be one of deepmind, medpy, metricsreloaded, monai, nnunet-v1: current value is toString",
    ],
  ];
  for (const [run, message] of cases) {
    assertEquals(assertThrows(run, RangeError).message, message);
  }
});
