/** Moves patches between a volume and a network, and averages what comes back. */

/** Three numbers in the order D, H, W. */
export type Triple = readonly [number, number, number];

/** Which axes of a patch are turned around before the network sees it. */
export type Flips = readonly [boolean, boolean, boolean];

/** A patch in a volume: its first voxel may lie outside, where the volume is padded with zeros. */
export interface Patch {
  /** The voxels of the volume. */
  volume: Triple;
  /** The voxels of the patch. */
  size: Triple;
  /** Where the patch starts in the volume. */
  start: Triple;
  /** The axes that are turned around. */
  flips: Flips;
}

/** The running mean of the predictions. */
export interface Average {
  /** `[D, H, W, classes]`. */
  scores: Float32Array;
  /** The weight that went into each voxel, `[D, H, W]`. */
  weights: Float32Array;
  /** The number of classes. */
  classes: number;
}

/** All combinations of the axes, none first. */
export function flipCombinations(axes: readonly number[]): Flips[] {
  let all: Flips[] = [[false, false, false]];
  for (const axis of [...new Set(axes)]) {
    all = all.flatMap((flips) => [
      flips,
      flips.map((flip, i) => i === axis ? !flip : flip) as unknown as Flips,
    ]);
  }
  return all;
}

/** Calls `visit` with each voxel of the volume inside of the patch and its voxel as the network sees it. */
function forEachVoxel(
  { volume, size, start, flips }: Patch,
  visit: (voxel: number, seen: number, placed: number) => void,
): void {
  const [first, end] = [0, 1].map((bound) =>
    size.map((length, axis) =>
      bound === 0 ? Math.max(0, -start[axis]) : Math.min(length, volume[axis] - start[axis])
    )
  );
  const turn = (index: number, axis: number) => flips[axis] ? size[axis] - 1 - index : index;
  for (let z = first[0]; z < end[0]; z++) {
    for (let y = first[1]; y < end[1]; y++) {
      const row = ((start[0] + z) * volume[1] + start[1] + y) * volume[2] + start[2];
      const placed = (z * size[1] + y) * size[2];
      const seen = (turn(z, 0) * size[1] + turn(y, 1)) * size[2];
      for (let x = first[2]; x < end[2]; x++) visit(row + x, seen + turn(x, 2), placed + x);
    }
  }
}

/** Writes the patch as the network sees it into `into`, zeros outside of the volume. */
export function readPatch(
  data: Float32Array,
  patch: Patch,
  { channels, into }: { channels: number; into: Float32Array },
): void {
  into.fill(0);
  forEachVoxel(patch, (voxel, seen) => {
    for (let c = 0; c < channels; c++) into[seen * channels + c] = data[voxel * channels + c];
  });
}

/**
 * Adds a prediction to the running mean, weighted by `importance` (at the place in the volume, not turned).
 *
 * A running mean instead of a sum and a division at the end: where all predictions agree it is exactly
 * what they say, and the first prediction arrives unrounded.
 */
export function averageIn(
  { scores, weights, classes }: Average,
  patch: Patch,
  { values, importance }: { values: ArrayLike<number>; importance: Float32Array },
): void {
  forEachVoxel(patch, (voxel, seen, placed) => {
    weights[voxel] += importance[placed];
    // The stored sum is rounded: for a first weight it must be exactly that weight.
    const share = importance[placed] / weights[voxel];
    for (let c = 0; c < classes; c++) {
      const at = voxel * classes + c;
      scores[at] += share * (values[seen * classes + c] - scores[at]);
    }
  });
}
