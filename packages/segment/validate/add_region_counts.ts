import type { ClassCounts } from "./create_class_counts.ts";

/** Which voxels are predicted to lie in each region, and where they do. */
export interface RegionMasks {
  /** Region after region of voxel after voxel, `[voxels, regions]`: not zero where the voxel is predicted to lie in it. */
  predicted: ArrayLike<number>;
  /** The true class of each voxel. */
  labels: ArrayLike<number>;
  /** The classes of each region; they may overlap. */
  regions: readonly (readonly number[])[];
  /** The true class of voxels that do not count. All count if left out. */
  ignoreClass?: number;
}

/**
 * Adds the voxels of masks of regions to the counts of the regions.
 *
 * @example A voxel in both regions, predicted for the first
 * ```ts
 * import { addRegionCounts, createClassCounts } from "@mednext/segment";
 * import { assertEquals } from "@std/assert";
 *
 * const counts = createClassCounts(2);
 * addRegionCounts(counts, { predicted: [1, 0], labels: [2], regions: [[1, 2], [2]] });
 * assertEquals([...counts.truePositives], [1, 0]);
 * assertEquals([...counts.falseNegatives], [0, 1]);
 * ```
 *
 * @param counts What is added to, one entry for each region; changed.
 * @param masks The masks, voxel by voxel in the same order.
 * @throws {RangeError} If their sizes do not fit; nothing is added then.
 */
export function addRegionCounts(counts: ClassCounts, masks: RegionMasks): void {
  const { predicted, labels, regions, ignoreClass } = masks;
  const { truePositives, falsePositives, falseNegatives } = counts;
  if (truePositives.length !== regions.length) {
    throw new RangeError(
      `Cannot count regions as there must be counts for each of ${regions.length}: there are ${truePositives.length}`,
    );
  }
  if (predicted.length !== labels.length * regions.length) {
    throw new RangeError(
      `Cannot count regions as there must be ${regions.length} predictions for each of ${labels.length} voxels: there are ${predicted.length}`,
    );
  }
  const members = regions.map((region) => new Set(region));
  for (let voxel = 0; voxel < labels.length; voxel++) {
    if (labels[voxel] === ignoreClass) continue;
    members.forEach((member, region) => {
      const isFound = predicted[voxel * regions.length + region] !== 0;
      const isThere = member.has(labels[voxel]);
      if (isFound && isThere) truePositives[region]++;
      else if (isFound) falsePositives[region]++;
      else if (isThere) falseNegatives[region]++;
    });
  }
}
