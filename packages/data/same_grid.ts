/**
 * Whether two volumes have the same voxels in the same places.
 * @module
 */
import type { Triple, Volume } from "./volume.ts";

/** Options of {@linkcode sameGrid}. */
export interface SameGridOptions {
  /**
   * How far apart the same voxel of the two may lie, as a share of the smaller volume's smallest
   * spacing. The default forgives what rounding to float32 and going through a quaternion does to
   * an affine.
   *
   * @default {0.1}
   */
  tolerance?: number;
}

/** The voxels' places in space, without their values: any volume is one. */
export type Grid = Pick<Volume, "shape" | "spacing" | "affine">;

/**
 * Compares the grids of two volumes: shape, spacing, and where the affines put the corners.
 *
 * @example A label map that lacks a slice
 * ```ts
 * import { sameGrid } from "@mednext/data";
 * import { assertEquals } from "@std/assert";
 *
 * const affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 3, 0, 0, 0, 0, 1];
 * const image = { shape: [20, 64, 64] as [number, number, number], affine };
 * const label = { shape: [19, 64, 64] as [number, number, number], affine };
 * const spacing: [number, number, number] = [3, 1, 1];
 * assertEquals(sameGrid({ ...image, spacing }, { ...label, spacing }), [
 *   "shape: 20x64x64 and 19x64x64 (z, y, x)",
 * ]);
 * ```
 *
 * @param a One volume.
 * @param b The other.
 * @param options The tolerance.
 * @returns One readable line for each difference; empty when the grids are the same.
 */
export function sameGrid(a: Grid, b: Grid, options: SameGridOptions = {}): string[] {
  const { tolerance = 0.1 } = options;
  const differences: string[] = [];
  if (a.shape.some((length, axis) => length !== b.shape[axis])) {
    differences.push(`shape: ${a.shape.join("x")} and ${b.shape.join("x")} (z, y, x)`);
  }
  const unit = tolerance * Math.min(...a.spacing, ...b.spacing);
  const longest = a.shape.map((length, axis) => Math.max(length, b.shape[axis], 2) - 1);
  if (
    a.spacing.some((value, axis) => !(Math.abs(value - b.spacing[axis]) * longest[axis] <= unit))
  ) {
    differences.push(`spacing: ${text(a.spacing)} and ${text(b.spacing)} mm (z, y, x)`);
  }
  const apart = largestDistance(a.affine, b.affine, longest as Triple);
  if (!(apart <= unit)) {
    differences.push(
      `affine: the same voxel lies up to ${short(apart)} mm apart ` +
        `(first voxels at ${origin(a)} and ${origin(b)} mm)`,
    );
  }
  return differences;
}

/** How far apart two affines put a corner; they are linear, so no voxel between is farther. */
function largestDistance(a: number[], b: number[], last: Triple): number {
  const difference = a.map((value, i) => value - b[i]);
  let largest = 0;
  for (let corner = 0; corner < 8; corner++) {
    const x = corner & 1 ? last[2] : 0;
    const y = corner & 2 ? last[1] : 0;
    const z = corner & 4 ? last[0] : 0;
    const [dx, dy, dz] = [0, 4, 8].map((row) =>
      difference[row] * x + difference[row + 1] * y + difference[row + 2] * z + difference[row + 3]
    );
    const distance = Math.hypot(dx, dy, dz);
    if (!(distance <= largest)) largest = distance;
  }
  return largest;
}

function origin({ affine }: Grid): string {
  return `(${[3, 7, 11].map((i) => short(affine[i])).join(", ")})`;
}

function text(values: readonly number[]): string {
  return values.map(short).join(" x ");
}

function short(value: number): string {
  return String(Number(value.toPrecision(6)));
}
