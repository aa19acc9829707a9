import type { ClassCounts } from "./create_class_counts.ts";

/** A predicted mask and the true one. */
export interface MaskPair {
  /** The class of each voxel as predicted. */
  predicted: ArrayLike<number>;
  /** The true class of each voxel; below zero counts as background. */
  labels: ArrayLike<number>;
  /** The true class of voxels that do not count. All count if left out. */
  ignoreClass?: number;
}

/**
 * Adds the voxels of a mask to the counts of their classes.
 *
 * @example One voxel of two is right
 * ```ts
 * import { addClassCounts, createClassCounts } from "@mednext/segment";
 * import { assertEquals } from "@std/assert";
 *
 * const counts = createClassCounts(2);
 * addClassCounts(counts, { predicted: [1, 1], labels: [1, 0] });
 * assertEquals([...counts.truePositives], [0, 1]);
 * assertEquals([...counts.falsePositives], [0, 1]);
 * assertEquals([...counts.falseNegatives], [1, 0]);
 * ```
 *
 * @param counts What is added to; changed.
 * @param masks Both masks, voxel by voxel in the same order.
 * @throws {RangeError} If their sizes differ or a class is not among those counted; nothing is added then.
 */
export function addClassCounts(counts: ClassCounts, masks: MaskPair): void {
  const { predicted, labels, ignoreClass } = masks;
  const { truePositives, falsePositives, falseNegatives } = counts;
  if (predicted.length !== labels.length) {
    throw new RangeError(
      `Cannot count classes as both masks must have the same size: found ${predicted.length} and ${labels.length} voxels`,
    );
  }
  const classes = truePositives.length;
  const highest = Math.max(maximum(predicted), maximum(labels, ignoreClass));
  if (highest >= classes) {
    throw new RangeError(
      `Cannot count classes as all must be below ${classes}: found ${highest}`,
    );
  }
  for (let voxel = 0; voxel < labels.length; voxel++) {
    if (labels[voxel] === ignoreClass) continue;
    const found = predicted[voxel];
    const label = Math.max(0, labels[voxel]);
    if (found === label) {
      truePositives[label]++;
    } else {
      falsePositives[found]++;
      falseNegatives[label]++;
    }
  }
}

function maximum(values: ArrayLike<number>, except?: number): number {
  let highest = 0;
  for (let i = 0; i < values.length; i++) {
    if (values[i] > highest && values[i] !== except) highest = values[i];
  }
  return highest;
}
