/**
 * Where the foreground of a case lies.
 * @module
 */
import { chooseVoxels } from "./patches/choose_voxels.ts";
import { randomStream } from "./random.ts";

/** Voxels of one label in one case. */
export interface ForegroundLocations {
  /** The label, above 0; with regions, the place of the region, counted from 1. */
  label: number;
  /** Sorted indices (z * H + y) * W + x of voxels that have the label. */
  voxels: Int32Array;
}

/** Options of {@linkcode foregroundLocations}. */
export interface ForegroundLocationsOptions {
  /** Seed of the choice. @default {1234} */
  seed?: number;
  /** The labels of each region; voxels are then chosen for regions. @default {undefined} */
  regions?: number[][];
  /** The label of voxels that nobody labelled; none is chosen. @default {undefined} */
  ignoreClass?: number;
}

/**
 * Chooses, for each label above 0 in a case, or for each region, voxels on which patches can be
 * centred.
 *
 * Of n voxels, max(min(10 000, n), ceil(n / 100)) are chosen without replacement, each equally
 * likely (nnU-Net `default_preprocessor.py`).
 *
 * @example
 * ```ts
 * import { foregroundLocations } from "@mednext/data/foreground-locations";
 * import { assertEquals } from "@std/assert";
 *
 * const label = Int16Array.of(0, 2, -1, 2, 1);
 * assertEquals(foregroundLocations(label), [
 *   { label: 1, voxels: Int32Array.of(4) },
 *   { label: 2, voxels: Int32Array.of(1, 3) },
 * ]);
 * assertEquals(foregroundLocations(label, { regions: [[1, 2]] }), [
 *   { label: 1, voxels: Int32Array.of(1, 3, 4) },
 * ]);
 * ```
 *
 * @param label Labels in C order over `[D, H, W]`; -1 and 0 are background.
 * @param options The seed, regions and the label that is passed over.
 * @returns One entry for each label or region present, sorted.
 */
export function foregroundLocations(
  label: Int16Array,
  options: ForegroundLocationsOptions = {},
): ForegroundLocations[] {
  const { seed = 1234, regions, ignoreClass } = options;
  const counts = new Map<number, number>();
  for (const value of label) {
    if (value > 0 && value !== ignoreClass) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const groups = regions?.map((values, i) => ({ name: i + 1, values })) ??
    [...counts.keys()].sort((a, b) => a - b).map((value) => ({ name: value, values: [value] }));
  const chosen = groups.map(({ name, values }) => {
    const count = values.reduce((sum, value) => sum + (counts.get(value) ?? 0), 0);
    const stream = randomStream(seed, "foreground locations", name);
    return { name, values, chooser: chooseVoxels(count, stream) };
  }).filter(({ chooser }) => chooser.voxels.length > 0);
  const choosersOf = new Map(
    [...counts.keys()].map((value) => [
      value,
      chosen.filter(({ values }) => values.includes(value)).map(({ chooser }) => chooser),
    ]),
  );
  label.forEach((value, voxel) => {
    if (value <= 0) return;
    for (const chooser of choosersOf.get(value) ?? []) chooser.offer(voxel);
  });
  return chosen.map(({ name, chooser }) => ({ label: name, voxels: chooser.voxels }));
}
