import type { Grid, Triple } from "../grid.ts";
import type { SurfaceDistances } from "../surface_distances.ts";
import { surfelAreas } from "../surfel_areas.ts";
import { cropPadded, paddedShape, unionBox } from "./crop.ts";
import { squaredDistance } from "./squared_distance.ts";
import { borderVoxels, surfels } from "./surface_elements.ts";

/** The distances of `surfaceDistances`, on masks of 0 and 1 that are known to be valid. */
export function distancesBetween(
  reference: Uint8Array,
  prediction: Uint8Array,
  options: Grid & { elements: "surfel" | "voxel" },
): SurfaceDistances {
  const box = unionBox(reference, prediction, options.shape);
  // Nothing to measure: a box of one empty voxel keeps the code below the same.
  const { start, stop } = box ?? { start: [0, 0, 0] as Triple, stop: [1, 1, 1] as Triple };
  const shape = paddedShape({ start, stop });
  const grid: Grid = { shape, spacing: options.spacing };
  const [a, b] = [reference, prediction].map((mask) => {
    const cropped = cropPadded(mask, options.shape, { start, stop });
    return options.elements === "surfel"
      ? surfels(cropped, shape, surfelAreas(options.spacing))
      : borderVoxels(cropped, shape);
  });
  return {
    referenceToPrediction: distancesTo(b.sites, a.indices, grid),
    predictionToReference: distancesTo(a.sites, b.indices, grid),
    referenceWeights: a.weights,
    predictionWeights: b.weights,
  };
}

function distancesTo(sites: Uint8Array, indices: Int32Array, grid: Grid): Float64Array {
  if (indices.length === 0) return new Float64Array(0);
  const squared = squaredDistance(sites, grid);
  return Float64Array.from(indices, (index) => Math.sqrt(squared[index]));
}
