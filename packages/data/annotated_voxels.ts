/**
 * Where a case was labelled.
 * @module
 */
import { chooseVoxels } from "./patches/choose_voxels.ts";
import { randomStream } from "./random.ts";

/** Options of {@linkcode annotatedVoxels}. */
export interface AnnotatedVoxelsOptions {
  /** The label of voxels that nobody labelled. */
  ignoreClass: number;
  /** Seed of the choice. @default {1234} */
  seed?: number;
}

/**
 * Chooses, in a case that is labelled in part, voxels that somebody labelled, background among
 * them: patches around the others would teach nothing.
 *
 * As many are chosen as by `foregroundLocations`; nnU-Net draws its random patches so where a data
 * set has an ignore label (`training/dataloading/data_loader.py`).
 *
 * @example
 * ```ts
 * import { annotatedVoxels } from "@mednext/data/annotated-voxels";
 * import { assertEquals } from "@std/assert";
 *
 * const voxels = annotatedVoxels(Int16Array.of(3, 0, 2, 3), { ignoreClass: 3 });
 * assertEquals(voxels, Int32Array.of(1, 2));
 * ```
 *
 * @param label Labels in C order over `[D, H, W]`.
 * @param options The label that is passed over, and the seed.
 * @returns Sorted indices (z * H + y) * W + x.
 */
export function annotatedVoxels(label: Int16Array, options: AnnotatedVoxelsOptions): Int32Array {
  const { ignoreClass, seed = 1234 } = options;
  let count = 0;
  for (const value of label) if (value !== ignoreClass) count++;
  const chooser = chooseVoxels(count, randomStream(seed, "annotated voxels"));
  label.forEach((value, voxel) => {
    if (value !== ignoreClass) chooser.offer(voxel);
  });
  return chooser.voxels;
}
