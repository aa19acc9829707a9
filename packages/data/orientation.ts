import { isUsable, nearestRotation } from "./affine.ts";
import type { Triple, Volume } from "./volume.ts";

/** How a volume's axes were changed, and what they were: what {@linkcode fromCanonical} needs. */
export interface Orientation {
  /**
   * For each axis D, H, W of the canonical array, the axis (0, 1, 2 for D, H, W) of the source that
   * it is.
   */
  axes: Triple;
  /** For each axis of the canonical array, whether it runs against that of the source. */
  flipped: [boolean, boolean, boolean];
  /** Shape, spacing and affine before. */
  source: Pick<Volume, "shape" | "spacing" | "affine">;
  /** Shape and affine after. */
  canonical: Pick<Volume, "shape" | "affine">;
}

/**
 * For the voxel axes x, y, z: which world axis (0 right, 1 anterior, 2 superior) each is nearest
 * to, and whether it runs along it or against it. Each world axis is taken once, first by the voxel
 * axis that is nearest to one; the rule is that of nibabel's `io_orientation`, on the rotation
 * nearest to the affine.
 */
export function worldAxes(affine: readonly number[]): { axis: number; sign: 1 | -1 }[] {
  if (affine.length !== 16 || !isUsable(affine)) {
    throw new RangeError(
      `Cannot tell an orientation: expected an invertible 4x4 affine, found [${affine.join(", ")}]`,
    );
  }
  const rotation = nearestRotation(affine);
  const size = (row: number, column: number) => Math.abs(rotation[3 * row + column]);
  const largest = (column: number) => Math.max(size(0, column), size(1, column), size(2, column));
  const free = new Set([0, 1, 2]);
  const result: { axis: number; sign: 1 | -1 }[] = [];
  for (const column of [0, 1, 2].sort((a, b) => largest(b) - largest(a))) {
    const axis = [...free].reduce((best, row) =>
      size(row, column) > size(best, column) ? row : best
    );
    free.delete(axis);
    result[column] = { axis, sign: rotation[3 * axis + column] < 0 ? -1 : 1 };
  }
  return result;
}

/**
 * How the axes must be changed for the closest RAS orientation, and then into another order: axis `i`
 * of the result is axis `transpose[i]` of that orientation.
 */
export function orientationOf(volume: Volume, transpose: Triple = [0, 1, 2]): Orientation {
  const { shape, spacing, affine } = volume;
  const world = worldAxes(affine);
  // World axis w is array axis 2 - w, as is voxel axis x, y, z = 0, 1, 2.
  const sources = transpose.map((axis) => world.findIndex((entry) => entry.axis === 2 - axis));
  const axes = sources.map((source) => 2 - source) as Triple;
  const flipped = sources.map((source) => world[source].sign < 0) as [boolean, boolean, boolean];
  return {
    axes,
    flipped,
    source: { shape: [...shape], spacing: [...spacing], affine: [...affine] },
    canonical: {
      shape: axes.map((axis) => shape[axis]) as Triple,
      affine: changedAffine(affine, shape, { axes, flipped }),
    },
  };
}

/**
 * A permutation of array axes with reversals: axis `i` of the result is `axes[i]` of the source.
 */
export interface AxisChange {
  axes: Triple;
  flipped: [boolean, boolean, boolean];
}

/** The affine after the change, so that each voxel keeps its place in the world. */
export function changedAffine(
  affine: readonly number[],
  shape: Triple,
  { axes, flipped }: AxisChange,
): number[] {
  const result = [...affine];
  for (let row = 0; row < 3; row++) {
    let origin = affine[4 * row + 3];
    for (let axis = 0; axis < 3; axis++) {
      const value = affine[4 * row + 2 - axes[axis]];
      if (flipped[axis]) origin += value * (shape[axes[axis]] - 1);
      // No negative zeros: 0 - 0 rather than -0.
      result[4 * row + 2 - axis] = flipped[axis] ? 0 - value : value;
    }
    result[4 * row + 3] = origin;
  }
  return result;
}

/** The voxels after the change; the same array where nothing moves. */
export function changedVoxels(volume: Volume, { axes, flipped }: AxisChange): Volume["data"] {
  const { data, shape, channels } = volume;
  if (axes.every((axis, i) => axis === i) && !flipped.includes(true)) return data;
  const strides = [shape[1] * shape[2] * channels, shape[2] * channels, channels];
  const steps = axes.map((axis, i) => flipped[i] ? -strides[axis] : strides[axis]);
  const [depth, height, width] = axes.map((axis) => shape[axis]);
  const start = axes.reduce<number>(
    (sum, axis, i) => flipped[i] ? sum + strides[axis] * (shape[axis] - 1) : sum,
    0,
  );
  const result = new (data.constructor as new (length: number) => typeof data)(data.length);
  let to = 0;
  for (let d = 0; d < depth; d++) {
    for (let h = 0; h < height; h++) {
      let from = start + d * steps[0] + h * steps[1];
      for (let w = 0; w < width; w++, from += steps[2]) {
        for (let c = 0; c < channels; c++) result[to++] = data[from + c];
      }
    }
  }
  return result;
}
