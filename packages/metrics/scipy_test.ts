import { assertAlmostEquals, assertEquals } from "@std/assert";
import type { HausdorffConvention, SurfaceDiceConvention } from "./conventions.ts";
import { dice } from "./dice.ts";
import { distanceTransform } from "./distance_transform.ts";
import type { Triple } from "./grid.ts";
import { hausdorff } from "./hausdorff.ts";
import { surfaceDice } from "./surface_dice.ts";
import { surfaceDistances } from "./surface_distances.ts";
import { surfelAreas } from "./surfel_areas.ts";
import expected from "./testdata/expected.json" with { type: "json" };

const within = 1e-12;

/** The same masks as in `testdata/make_expected.py`. */
function noiseMask([depth, height, width]: Triple, seed: number, threshold: number): Uint8Array {
  const field = new Uint8Array(depth * height * width);
  let state = seed;
  for (let i = 0; i < field.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    field[i] = state >>> 24;
  }
  return field.map((_, i) => {
    const [z, y, x] = [Math.floor(i / (height * width)), Math.floor(i / width) % height, i % width];
    let sum = 0;
    for (let corner = 0; corner < 8; corner++) {
      const [cz, cy, cx] = [corner >> 2, (corner >> 1) & 1, corner & 1];
      const row = ((z - cz + depth) % depth) * height + (y - cy + height) % height;
      sum += field[row * width + (x - cx + width) % width];
    }
    return Number(sum / 8 > threshold);
  });
}

for (const entry of expected.cases) {
  const { name } = entry;
  const shape = entry.shape as Triple;
  const spacing = entry.spacing as Triple;
  const [reference, prediction] = [0, 1].map((i) =>
    noiseMask(shape, entry.seeds[i], entry.thresholds[i])
  );

  Deno.test(`distanceTransform() equals SciPy's when given random voxels, ${name}`, () => {
    const count = (mask: Uint8Array) => mask.reduce((sum, value) => sum + value, 0);
    assertEquals([count(reference), count(prediction)], entry.voxels);
    const sum = distanceTransform(reference, { shape, spacing }).reduce((a, b) => a + b, 0);
    assertAlmostEquals(sum, entry.distanceSum, 1e-9);
  });

  Deno.test(`surfaceDistances() measures the same areas as NumPy when given random voxels, ${name}`, () => {
    const distances = surfaceDistances(reference, prediction, { shape, spacing });
    const { referenceWeights, predictionWeights } = distances;
    [referenceWeights, predictionWeights].forEach((weights, i) =>
      assertAlmostEquals(weights.reduce((a, b) => a + b, 0), entry.area[i], 1e-9)
    );
  });

  Deno.test(`dice(), surfaceDice() and hausdorff() equal SciPy's values when given random voxels, ${name}`, () => {
    assertAlmostEquals(dice(reference, prediction).value, entry.dice, within);
    for (const { tolerance, ...values } of entry.nsd) {
      for (const [name, value] of Object.entries(values)) {
        const convention = name as SurfaceDiceConvention;
        const options = { shape, spacing, convention, tolerance };
        const result = surfaceDice(reference, prediction, options);
        assertAlmostEquals(result.value, value, within, `${name} at ${tolerance}`);
      }
    }
    for (const { percentile, ...values } of entry.hausdorff) {
      for (const [name, value] of Object.entries(values)) {
        const convention = name as HausdorffConvention;
        const options = { shape, spacing, convention, percentile };
        const result = hausdorff(reference, prediction, options);
        assertAlmostEquals(result.value, value, within, `${name} at ${percentile}`);
      }
    }
  });
}

for (const { spacing, sum, moment } of expected.tables) {
  Deno.test(`surfelAreas() equals the table derived in Python when given spacing ${spacing}`, () => {
    const areas = surfelAreas(spacing as Triple);
    assertAlmostEquals(areas.reduce((a, b) => a + b, 0), sum, 1e-9);
    assertAlmostEquals(areas.reduce((a, b, code) => a + b * code ** 2, 0), moment, 1e-9 * moment);
  });
}
