/**
 * What the kernels of an inverted bottleneck need for themselves.
 * @module
 */
import type { Unit } from "../units/unit.ts";
import { FLOAT } from "./unit_tensors.ts";

/** Bytes of activations of one tile in the wasm backend, and voxels of it at most. */
const TILE_BYTES = 2 ** 18;
const LARGEST_TILE = 192;
/** Partial sums of the gradients of the weights: how many at most, and bytes of all of them at most. */
const PARTS = 16;
const PART_BYTES = 2 ** 25;
/** Threads with tiles of their own. More add half a MiB each. */
const THREADS = 2;

/** Bytes of scratch in the forward and in the backward pass, for a batch that has so many voxels there. */
export function bottleneckScratch(
  unit: Unit,
  voxels: number,
  batchSize: number,
): { forward: number; backward: number } {
  const { inputChannels, outputChannels, expansionRatio } = unit;
  const inside = inputChannels * expansionRatio;
  const [expand, compress] = [inputChannels, outputChannels].map((n) => FLOAT * n * inside);
  const wide = inputChannels + inside;
  const tile = Math.max(12, Math.min(LARGEST_TILE, TILE_BYTES / (FLOAT * wide)));
  const weights = expand + compress;
  const images = unit.norm === "layer" ? 1 : batchSize;
  const most = Math.max(1, Math.min(PARTS, Math.floor(PART_BYTES / weights / images)));
  const parts = images * Math.min(most, Math.ceil(voxels / images / tile));
  return {
    forward: weights + THREADS * FLOAT * tile * wide,
    backward: parts * weights + weights + expand + 2 * THREADS * FLOAT * tile * wide,
  };
}
