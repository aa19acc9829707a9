import { percentile } from "../normalize/percentile.ts";
import type { Triple } from "../volume.ts";

/** A percentile of some triples, axis by axis, as numpy's. */
export function percentilePerAxis(triples: readonly Triple[], percent: number): Triple {
  return [0, 1, 2].map((axis) => {
    const sorted = triples.map((triple) => triple[axis]).sort((a, b) => a - b);
    return percentile(sorted, percent);
  }) as Triple;
}

/** A triple with its axes in another order. */
export function reorder(triple: Triple, axes: Triple): Triple {
  return axes.map((axis) => triple[axis]) as Triple;
}

/** How many voxels a shape has. */
export function voxelsOf([depth, height, width]: Triple): number {
  return depth * height * width;
}
