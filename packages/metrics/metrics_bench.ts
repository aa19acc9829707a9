import type { Triple } from "./grid.ts";
import { dice } from "./dice.ts";
import { distanceTransform } from "./distance_transform.ts";
import { evaluateCase } from "./evaluate_case.ts";
import { hausdorff95 } from "./hausdorff95.ts";
import { parseMetricSpecs } from "./parse_metric_specs.ts";
import { surfaceDice } from "./surface_dice.ts";

const size = 128;
const shape: Triple = [size, size, size];
const spacing: Triple = [1.5, 1, 1];

/** Radius in voxels: a ball that nearly fills the volume, and one the size of a small organ. */
const radii = [60, 20];

function ball(radius: number, centre: Triple): Uint8Array {
  return new Uint8Array(size ** 3).map((_, i) => {
    const at = [Math.floor(i / size ** 2), Math.floor(i / size) % size, i % size];
    return Number(at.reduce((sum, v, axis) => sum + (v - centre[axis]) ** 2, 0) <= radius ** 2);
  });
}

for (const radius of radii) {
  const reference = ball(radius, [64, 64, 64]);
  const prediction = ball(radius - 1, [65, 63, 64]);
  const group = `128³, balls of ${radius} voxels`;
  const options = { shape, spacing };

  Deno.bench({ name: "dice", group, fn: () => void dice(reference, prediction) });
  for (const convention of ["deepmind", "medpy"] as const) {
    Deno.bench({
      name: `nsd ${convention}`,
      group,
      fn: () => void surfaceDice(reference, prediction, { ...options, convention, tolerance: 1 }),
    });
    Deno.bench({
      name: `hd95 ${convention}`,
      group,
      fn: () => void hausdorff95(reference, prediction, { ...options, convention }),
    });
  }
  Deno.bench({
    name: "evaluateCase: dice, nsd deepmind, hd95 deepmind",
    group,
    fn: () =>
      void evaluateCase(reference, prediction, {
        ...options,
        labels: [{ name: "organ", values: [1] }],
        metrics: parseMetricSpecs([
          "dice",
          { nsd: { convention: "deepmind", tolerance: 1 } },
          { hd95: { convention: "deepmind" } },
        ]),
      }),
  });
  Deno.bench({
    name: "distanceTransform of the whole volume",
    group,
    fn: () => void distanceTransform(reference, options),
  });
}
