/**
 * Patches out of preprocessed cases.
 * @module
 */
import type { ForegroundLocations } from "./foreground_locations.ts";
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
  /** Number of voxels of the patch along D, H, W. */
  patchSize: Triple;
  /** Where the random numbers come from. */
  stream: RandomStream;
  /** Whether the patch must hold foreground, if the case has any. @default {false} */
  forceForeground?: boolean;
}

/** A patch. */
export interface Patch {
  /** Voxels over `[patchSize, channels]`, 0 outside the case. */
  image: Float32Array;
  /** Classes over `patchSize`, 0 outside the case and where the case has -1. */
  label: Int32Array;
  /** First voxel of the patch in the case; negative where the patch reaches beyond it. */
  start: Triple;
}

/**
 * Cuts a random patch out of a case, as nnU-Net does (`training/dataloading/data_loader.py`).
 *
 * Along an axis where the patch fits, a free patch starts anywhere inside the case; where it does
 * not, the case lies in its middle. With `forceForeground`, a class is drawn uniformly from those
 * in the case, then a voxel uniformly from its locations; the patch is centred on it, never starts
 * before the first start of a free patch, and may reach beyond the end. Where `annotated` is given,
 * a free patch is centred on one of its voxels, and so is a forced one in a case without foreground.
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
 * assertEquals([...patch.label], [0, 1, 0]);
 * ```
 *
 * @param source The case; not changed.
 * @param options Size of the patch, stream, and whether it must hold foreground.
 * @returns The patch. Without labels in the case its labels are 0.
 */
export function samplePatch(source: SampledCase, options: SamplePatchOptions): Patch {
  const { patchSize, stream, forceForeground = false } = options;
  const centre = centreVoxel(source, { stream, forceForeground });
  const start = source.shape.map((size, axis) => {
    const padding = Math.max(0, patchSize[axis] - size);
    const lowest = Math.floor(-padding / 2);
    if (centre) return Math.max(lowest, centre[axis] - Math.floor(patchSize[axis] / 2));
    const highest = size + Math.floor(padding / 2) + padding % 2 - patchSize[axis];
    return lowest + stream.integer(highest - lowest + 1);
  }) as Triple;
  return cutPatch(source, start, patchSize);
}

function centreVoxel(
  { foreground, annotated, shape }: SampledCase,
  { stream, forceForeground }: { stream: RandomStream; forceForeground: boolean },
): Triple | undefined {
  const classes = forceForeground ? foreground.filter(({ voxels }) => voxels.length > 0) : [];
  const voxels = classes.length > 0 ? classes[stream.integer(classes.length)].voxels : annotated;
  if (!voxels || voxels.length === 0) return undefined;
  const voxel = voxels[stream.integer(voxels.length)];
  const row = Math.floor(voxel / shape[2]);
  return [Math.floor(row / shape[1]), row % shape[1], voxel % shape[2]];
}

function cutPatch(source: SampledCase, start: Triple, patchSize: Triple): Patch {
  const { image, label, shape, channels } = source;
  const count = patchSize[0] * patchSize[1] * patchSize[2];
  const patch: Patch = {
    image: new Float32Array(count * channels),
    label: new Int32Array(count),
    start,
  };
  const from = start.map((value) => Math.max(0, value));
  const to = start.map((value, axis) => Math.min(shape[axis], value + patchSize[axis]));
  const length = to[2] - from[2];
  for (let z = from[0]; z < to[0]; z++) {
    for (let y = from[1]; y < to[1]; y++) {
      const source = (z * shape[1] + y) * shape[2] + from[2];
      const target = ((z - start[0]) * patchSize[1] + y - start[1]) * patchSize[2] + from[2] -
        start[2];
      patch.image.set(
        image.subarray(source * channels, (source + length) * channels),
        target * channels,
      );
      if (!label) continue;
      for (let i = 0; i < length; i++) patch.label[target + i] = Math.max(0, label[source + i]);
    }
  }
  return patch;
}
