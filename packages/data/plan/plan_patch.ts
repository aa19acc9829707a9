/**
 * Patch and batch from a memory budget.
 * @module
 */
import { roundHalfEven } from "../resample/round_half_even.ts";
import type { Triple } from "../volume.ts";
import { voxelsOf } from "./per_axis.ts";

/** Options of {@linkcode planPatch}; triples run along the axes of the preprocessed arrays. */
export interface PlanPatchOptions {
  /** Spacing in millimetres. */
  spacing: Triple;
  /** Median shape of the data set at that spacing. */
  medianShape: Triple;
  /** Number of cases with labels. */
  cases: number;
  /** The bytes that a training step may take. */
  budgetBytes: number;
  /** The bytes that a training step takes. */
  memoryOf: (patchSize: Triple, batchSize: number) => number;
  /** A patch to keep. @default {undefined} */
  patchSize?: Triple;
  /** A batch to keep. @default {undefined} */
  batchSize?: number;
}

/** What {@linkcode planPatch} chose, and from what. */
export interface PlannedPatch {
  /** Voxels, each a multiple of 16. */
  patchSize: Triple;
  /** Patches in a step. */
  batchSize: number;
  /** The patch that would be taken if memory were no concern. */
  wanted: Triple;
  /** The largest batch that is taken: a twentieth of the data set's voxels, two patches at least. */
  largestBatch: number;
  /** The bytes of a step. */
  estimatedBytes: number;
}

/** Four halvings must be undone: every axis is a multiple of this. */
const MULTIPLE = 16;
/** The patch begins with as many voxels as a cube of this side has. */
const FIRST_SIDE = 256;
/** No axis is shrunk below this. */
const SMALLEST_SIDE = 32;
/** nnU-Net trains on two patches at least. */
const SMALLEST_BATCH = 2;
/** A batch holds at most this share of the data set's voxels. */
const LARGEST_SHARE = 0.05;

/**
 * Chooses patch and batch as nnU-Net, for networks that halve the resolution four times along every axis.
 *
 * The patch begins in the physical proportions of a cube (as many voxels as 256³, in proportion to
 * 1 / spacing), is cut down to the median shape and rounded up to multiples of 16. While two patches
 * need more than the budget, 16 voxels are taken from the axis that is largest relative to the median
 * shape. What memory is left goes into the batch, up to a twentieth of the data set's voxels.
 *
 * An axis is not made smaller than 32, of which two voxels are left at 1/16 of the resolution; it is 16 only
 * where the median shape has no more than that, and never along all three axes. If two of the smallest
 * patches do not fit, one may. What is given is kept, whatever it needs.
 *
 * Source: nnU-Net `default_experiment_planner.py`, `get_plans_for_configuration`. nnU-Net has a
 * number of poolings for each axis, and its batch is a proportion of memory, rounded; here the batch fits.
 *
 * @example
 * ```ts
 * import { planPatch } from "@mednext/data/plan-patch";
 * import { assertEquals } from "@std/assert";
 *
 * const { patchSize, batchSize } = planPatch({
 *   spacing: [1, 1, 1],
 *   medianShape: [36, 50, 35],
 *   cases: 200,
 *   budgetBytes: 2 ** 30,
 *   memoryOf: ([d, h, w], batch) => 1000 * batch * d * h * w,
 * });
 * assertEquals(patchSize, [48, 64, 48]);
 * assertEquals(batchSize, 4); // five are more than a twentieth of the data
 * ```
 *
 * @param options Spacing, shape, memory, and what is decided already.
 * @returns Patch and batch, with the numbers behind them.
 * @throws {RangeError} If not even one smallest patch fits into the budget.
 */
export function planPatch(options: PlanPatchOptions): PlannedPatch {
  const { medianShape, cases, budgetBytes, memoryOf } = options;
  const fits = (patch: Triple, batch: number) => memoryOf(patch, batch) <= budgetBytes;
  const wanted = wantedPatch(options);
  const patchSize = options.patchSize ?? fittingPatch(wanted, options);
  const share = LARGEST_SHARE * voxelsOf(medianShape) * cases / voxelsOf(patchSize);
  const largestBatch = Math.max(roundHalfEven(share), SMALLEST_BATCH);
  let batchSize = options.batchSize ?? 1;
  if (options.batchSize === undefined) {
    while (batchSize < largestBatch && fits(patchSize, batchSize + 1)) batchSize++;
  }
  const estimatedBytes = memoryOf(patchSize, batchSize);
  return { patchSize, batchSize, wanted, largestBatch, estimatedBytes };
}

/** The patch that is taken if memory is no concern. */
function wantedPatch({ spacing, medianShape }: PlanPatchOptions): Triple {
  const side = FIRST_SIDE * Math.cbrt(voxelsOf(spacing));
  const patch = spacing.map((step, axis) => {
    const size = Math.min(Math.max(1, roundHalfEven(side / step)), medianShape[axis]);
    return Math.ceil(size / MULTIPLE) * MULTIPLE;
  }) as Triple;
  // A single voxel at 1/16 of the resolution cannot be normalised.
  if (Math.max(...patch) === MULTIPLE) {
    patch[medianShape.lastIndexOf(Math.max(...medianShape))] = SMALLEST_SIDE;
  }
  return patch;
}

/** Takes from the axis that is largest relative to the median shape until it fits. */
function fittingPatch(
  wanted: Triple,
  { medianShape, batchSize = SMALLEST_BATCH, budgetBytes, memoryOf }: PlanPatchOptions,
): Triple {
  const patch: Triple = [...wanted];
  while (memoryOf(patch, batchSize) > budgetBytes) {
    const axes = [0, 1, 2].filter((axis) => patch[axis] > SMALLEST_SIDE);
    if (axes.length === 0) break;
    const share = (axis: number) => patch[axis] / medianShape[axis];
    patch[axes.reduce((best, axis) => share(axis) >= share(best) ? axis : best)] -= MULTIPLE;
  }
  const needed = memoryOf(patch, 1);
  if (needed <= budgetBytes) return patch;
  throw new RangeError(
    `Cannot plan a patch: expected memory for at least one of ${patch.join(" x ")} voxels, ` +
      `${needed} bytes, found a budget of ${budgetBytes} bytes; choose a smaller network`,
  );
}
