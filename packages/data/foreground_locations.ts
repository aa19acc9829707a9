/**
 * Where the foreground of a case lies.
 * @module
 */
import { randomStream } from "./random.ts";

/** Voxels of one label in one case. */
export interface ForegroundLocations {
  /** The label, above 0. */
  label: number;
  /** Sorted indices (z * H + y) * W + x of voxels that have the label. */
  voxels: Int32Array;
}

/** Options of {@linkcode foregroundLocations}. */
export interface ForegroundLocationsOptions {
  /** Seed of the choice. @default {1234} */
  seed?: number;
}

const AT_LEAST = 10_000;
const SHARE = 0.01;

/**
 * Chooses, for each label above 0 in a case, voxels on which patches can be centred.
 *
 * Of n voxels, max(min(10 000, n), ceil(n / 100)) are chosen without replacement, each equally
 * likely (nnU-Net `default_preprocessor.py`).
 *
 * @example
 * ```ts
 * import { foregroundLocations } from "@mednext/data/foreground-locations";
 * import { assertEquals } from "@std/assert";
 *
 * const locations = foregroundLocations(Int16Array.of(0, 2, -1, 2, 1));
 * assertEquals(locations, [
 *   { label: 1, voxels: Int32Array.of(4) },
 *   { label: 2, voxels: Int32Array.of(1, 3) },
 * ]);
 * ```
 *
 * @param label Labels in C order over `[D, H, W]`; -1 and 0 are background.
 * @param options The seed.
 * @returns One entry for each label present, sorted by label.
 */
export function foregroundLocations(
  label: Int16Array,
  options: ForegroundLocationsOptions = {},
): ForegroundLocations[] {
  const { seed = 1234 } = options;
  const counts = new Map<number, number>();
  for (const value of label) if (value > 0) counts.set(value, (counts.get(value) ?? 0) + 1);
  const chosen = [...counts].sort(([a], [b]) => a - b).map(([value, count]) => ({
    label: value,
    left: count,
    filled: 0,
    voxels: new Int32Array(Math.max(Math.min(AT_LEAST, count), Math.ceil(SHARE * count))),
    stream: randomStream(seed, "foreground locations", value),
  }));
  const byLabel = new Map(chosen.map((entry) => [entry.label, entry]));
  // Selection sampling (Knuth, TAOCP 2, 3.4.2 S): one pass, sorted, no list of all voxels.
  label.forEach((value, voxel) => {
    if (value <= 0) return;
    const entry = byLabel.get(value)!;
    const wanted = entry.voxels.length - entry.filled;
    if (wanted === entry.left || (wanted > 0 && entry.stream.integer(entry.left) < wanted)) {
      entry.voxels[entry.filled++] = voxel;
    }
    entry.left--;
  });
  return chosen.map(({ label, voxels }) => ({ label, voxels }));
}
