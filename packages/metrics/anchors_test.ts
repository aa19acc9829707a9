import { assert, assertAlmostEquals } from "@std/assert";
import { dice } from "./dice.ts";
import type { HausdorffConvention, SurfaceDiceConvention } from "./conventions.ts";
import type { Triple } from "./grid.ts";
import { hausdorff } from "./hausdorff.ts";
import { hausdorff95 } from "./hausdorff95.ts";
import { surfaceDice } from "./surface_dice.ts";
import { surfaceDistances } from "./surface_distances.ts";

/**
 * Numbers computed with DeepMind's surface-distance (commit 1f805ce) and with MedPy's definitions on SciPy
 * 1.17.1, once more on NumPy 2.4.6.
 */
const within = 1e-6;

function fill(shape: Triple, inside: (z: number, y: number, x: number) => boolean): Uint8Array {
  const mask = new Uint8Array(shape[0] * shape[1] * shape[2]);
  for (let i = 0; i < mask.length; i++) {
    const z = Math.floor(i / (shape[1] * shape[2]));
    mask[i] = Number(inside(z, Math.floor(i / shape[2]) % shape[1], i % shape[2]));
  }
  return mask;
}

const grid40: Triple = [40, 40, 40];
const unit: Triple = [1, 1, 1];

function ball(radius: number, spacing: Triple = unit, centre: Triple = [20, 20, 20]): Uint8Array {
  return fill(grid40, (...at) => {
    const squares = at.map((v, axis) => ((v - centre[axis]) * spacing[axis]) ** 2);
    return squares[0] + squares[1] + squares[2] <= radius ** 2;
  });
}

function voxel(at: Triple): Uint8Array {
  return fill(grid40, (...here) => here.every((value, axis) => value === at[axis]));
}

interface Anchor {
  name: string;
  reference: Uint8Array;
  prediction: Uint8Array;
  shape: Triple;
  spacing: Triple;
  dice: number;
  /** Per tolerance: deepmind, voxel (pooled), nnunet-v1. */
  nsd: Record<string, [number, number, number]>;
  /** deepmind, medpy, max of directed. */
  hd95: [number, number, number];
  /** DeepMind at percentile 100. */
  hd100?: number;
}

const flat: Triple = [3, 1, 1];
const cubes: Triple = [10, 10, 10];

const anchors: Anchor[] = [
  {
    name: "ball of 10 mm moved by 1 mm",
    reference: ball(10),
    prediction: ball(10, unit, [20, 21, 20]),
    shape: grid40,
    spacing: unit,
    dice: .9239625810,
    nsd: { 1: [1, 1, 1] },
    hd95: [1, 1, 1],
    hd100: 1,
  },
  {
    name: "balls of 10 and 12 mm",
    reference: ball(10),
    prediction: ball(12),
    shape: grid40,
    spacing: unit,
    dice: .7364423247,
    nsd: { 1: [.1524413395, 0, 0], 2: [.9243687039, .7286432161, .7363790628] },
    hd95: [2.2360679775, 2.2360679775, 2.2360679775],
    hd100: 2.4494897428,
  },
  {
    name: "ball of 14 mm moved by 1 mm, slices of 3 mm",
    reference: ball(14, flat),
    prediction: ball(14, flat, [20, 21, 20]),
    shape: grid40,
    spacing: flat,
    dice: .9469049469,
    nsd: { 1: [1, 1, 1] },
    hd95: [1, 1, 1],
  },
  {
    name: "balls of 14 and 17 mm, slices of 3 mm",
    reference: ball(14, flat),
    prediction: ball(17, flat),
    shape: grid40,
    spacing: flat,
    dice: .7189944134,
    nsd: {
      1: [.1092805071, .0204603581, .0212527793],
      2: [.3385566539, .1278772379, .1318039214],
    },
    hd95: [3.3166247904, 3.6055512755, 3.6055512755],
    hd100: 3.7416573868,
  },
  {
    name: "single voxels two apart",
    reference: voxel([20, 20, 20]),
    prediction: voxel([20, 20, 22]),
    shape: grid40,
    spacing: unit,
    dice: 0,
    nsd: { 1: [.5, 0, 0], 2: [1, 1, 1] },
    hd95: [2, 2, 2],
  },
  {
    name: "cubes in the corner of the grid",
    reference: fill(cubes, (z, y, x) => z < 5 && y < 5 && x < 5),
    prediction: fill(cubes, (z, y, x) => z < 6 && y < 5 && x < 5),
    shape: cubes,
    spacing: unit,
    dice: .9090909091,
    nsd: { .5: [.8434313161, .8396226415, .8444325098], 1: [1, 1, 1] },
    hd95: [1, 1, 1],
  },
];

const nsdColumns: SurfaceDiceConvention[][] = [
  ["deepmind"],
  ["medpy", "metricsreloaded", "monai"],
  ["nnunet-v1"],
];
const distanceColumns: HausdorffConvention[][] = [
  ["deepmind"],
  ["medpy"],
  ["metricsreloaded", "monai"],
];

for (const { name, reference, prediction, shape, spacing, ...expected } of anchors) {
  Deno.test(`dice(), surfaceDice() and hausdorff95() give the published numbers when given ${name}`, () => {
    assertAlmostEquals(dice(reference, prediction).value, expected.dice, within);
    for (const [tolerance, columns] of Object.entries(expected.nsd)) {
      nsdColumns.forEach((conventions, column) =>
        conventions.forEach((convention) => {
          const options = { shape, spacing, convention, tolerance: Number(tolerance) };
          const { value } = surfaceDice(reference, prediction, options);
          assertAlmostEquals(value, columns[column], within, `nsd ${convention} at ${tolerance}`);
        })
      );
    }
    distanceColumns.forEach((conventions, column) =>
      conventions.forEach((convention) => {
        const { value } = hausdorff95(reference, prediction, { shape, spacing, convention });
        assertAlmostEquals(value, expected.hd95[column], within, `hd95 ${convention}`);
      })
    );
    if (expected.hd100 !== undefined) {
      const options = { shape, spacing, convention: "deepmind" } as const;
      assertAlmostEquals(hausdorff(reference, prediction, options).value, expected.hd100, within);
    }
  });
}

Deno.test("surfaceDistances() measures 131.6731763 mm² when given a cube in the corner of the grid", () => {
  const cube = anchors[5].reference;
  const distances = surfaceDistances(cube, cube, { shape: cubes, spacing: unit });
  const area = distances.referenceWeights.reduce((sum, value) => sum + value, 0);
  assertAlmostEquals(area, 131.6731763, 1e-7);
  assert(distances.referenceToPrediction.every((distance) => distance === 0));
});

Deno.test("metrics give the published values when masks are empty", () => {
  const empty = new Uint8Array(1000);
  const cube = anchors[5].reference;
  const options = { shape: cubes, spacing: unit, convention: "deepmind" } as const;
  for (const [a, b, one] of [[empty, empty, NaN], [empty, cube, 0], [cube, empty, 0]] as const) {
    const values = [
      dice(a, b, { convention: "deepmind" }),
      surfaceDice(a, b, { ...options, tolerance: 1 }),
      hausdorff95(a, b, options),
    ].map((result) => result.value);
    assert(Object.is(values[0], one) && Object.is(values[1], one) && values[2] === Infinity);
  }
});
