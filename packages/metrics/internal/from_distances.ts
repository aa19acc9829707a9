/**
 * The conventions themselves: from distances between surfaces to one number. Neither surface is empty
 * here.
 *
 * @module
 */
import type { HausdorffConvention, SurfaceDiceConvention } from "../conventions.ts";
import type { SurfaceDistances } from "../surface_distances.ts";
import { percentileLinear, percentileWeighted } from "./percentile.ts";

/** What the surface of a convention is made of. */
export function elementsOf(convention: string): "surfel" | "voxel" {
  return convention === "deepmind" ? "surfel" : "voxel";
}

function weightWithin(distances: Float64Array, weights: Float64Array, tolerance: number) {
  let within = 0;
  let total = 0;
  for (let i = 0; i < distances.length; i++) {
    total += weights[i];
    if (distances[i] <= tolerance) within += weights[i];
  }
  return { within, total };
}

/** NSD: the part of both surfaces that is within the tolerance of the other one (inclusive). */
export function surfaceDiceFrom(
  distances: SurfaceDistances,
  convention: SurfaceDiceConvention,
  tolerance: number,
): number {
  const { referenceToPrediction, predictionToReference, referenceWeights, predictionWeights } =
    distances;
  const reference = weightWithin(referenceToPrediction, referenceWeights, tolerance);
  const prediction = weightWithin(predictionToReference, predictionWeights, tolerance);
  if (convention === "nnunet-v1") {
    return (reference.within / reference.total + prediction.within / prediction.total) / 2;
  }
  return (reference.within + prediction.within) / (reference.total + prediction.total);
}

/** Hausdorff distance at a percentile. */
export function hausdorffFrom(
  distances: SurfaceDistances,
  convention: HausdorffConvention,
  percentile: number,
): number {
  const { referenceToPrediction: there, predictionToReference: back } = distances;
  if (convention === "medpy") {
    const pooled = new Float64Array(there.length + back.length);
    pooled.set(there);
    pooled.set(back, there.length);
    return percentileLinear(pooled, percentile);
  }
  if (convention === "deepmind") {
    return Math.max(
      percentileWeighted(there, distances.referenceWeights, percentile),
      percentileWeighted(back, distances.predictionWeights, percentile),
    );
  }
  return Math.max(percentileLinear(there, percentile), percentileLinear(back, percentile));
}
