/**
 * Patches out of preprocessed cases.
 * @module
 */
import type { ForegroundLocations } from "./foreground_locations.ts";
import { cutPatch } from "./patches/cut_patch.ts";
import { drawPatchStart } from "./patches/draw_patch_start.ts";
import type { RandomStream } from "./random.ts";
import type { Triple } from "./volume.ts";

/** What {@linkcode samplePatch} needs of a case; a `PreprocessedCase` has it. */
export interface SampledCase {
  /** Voxels over `[D, H, W, channels]`. */
  image: Float32Array;
  /**
   * Classes over `[D, H, W]`; -1 outside the nonzero mask, the number of labels where nobody
   * labelled.
   */
  label?: Int16Array;
  /** Number of voxels along D, H, W. */
  shape: Triple;
  /** Values in each voxel. */
  channels: number;
  /** Voxels of each foreground class, or of each region. */
  foreground: ForegroundLocations[];
  /** Voxels that somebody labelled, where the data set has an ignore label. @default {undefined} */
  annotated?: Int32Array;
}

/** Options of {@linkcode samplePatch}. */
export interface SamplePatchOptions {
  /** Number of voxels along D, H, W of what the network gets. */
  patchSize: Triple;
  /**
   * Number of voxels along D, H, W to cut, of which augmentation keeps the middle.
   * @default {patchSize}
   */
  enlargedSize?: Triple;
  /** Where the random numbers come from. */
  stream: RandomStream;
  /** Whether the patch must hold foreground, if the case has any. @default {false} */
  forceForeground?: boolean;
}

/** A patch. */
export interface Patch {
  /** Voxels over `[shape, channels]`, 0 outside the case. */
  image: Float32Array;
  /** Classes over `shape`; -1 outside the case and outside its nonzero mask. */
  label: Int32Array;
  /** Number of voxels along D, H, W. */
  shape: Triple;
  /** Values in each voxel. */
  channels: number;
  /** First voxel of the patch in the case; negative where the patch reaches beyond it. */
  start: Triple;
}

/**
 * Cuts a random patch out of a case, as nnU-Net does (`training/dataloading/data_loader.py`).
 *
 * A free patch starts anywhere such that the middle of `patchSize` lies inside the case (what was
 * added for augmentation may lie outside); along an axis that is too short even for that, the case
 * lies in the patch's middle. With `forceForeground`, a class is drawn uniformly from those in the
 * case, then a voxel uniformly from its locations; the patch is centred on it, never starts before
 * the first start of a free patch, and may reach beyond the end. Where `annotated` is given, a free
 * patch is centred on one of its voxels, and so is a forced one in a case without foreground.
 *
 * @example
 * ```ts
 * import { samplePatch } from "@mednext/data/patch-sampler";
 * import { randomStream } from "@mednext/data/random";
 * import { assertEquals } from "@std/assert";
 *
 * const patch = samplePatch({
 *   image: Float32Array.of(1, 2, 3, 4),
 *   label: Int16Array.of(0, 0, 1, -1),
 *   shape: [1, 1, 4],
 *   channels: 1,
 *   foreground: [{ label: 1, voxels: Int32Array.of(2) }],
 * }, { patchSize: [1, 1, 3], forceForeground: true, stream: randomStream(0) });
 * assertEquals([...patch.image], [2, 3, 4]);
 * assertEquals([...patch.label], [0, 1, -1]);
 * ```
 *
 * @param source The case; not changed.
 * @param options Sizes of the patch, stream, and whether it must hold foreground.
 * @returns The patch, of `enlargedSize`. Without labels in the case its labels are 0.
 */
export function samplePatch(source: SampledCase, options: SamplePatchOptions): Patch {
  const { patchSize, enlargedSize = patchSize } = options;
  return cutPatch(source, { start: drawPatchStart(source, options), shape: enlargedSize });
}
