import type { Triple } from "../volume.ts";

/**
 * The matrix for `transformPatch` that scales along D, H, W, then rotates about D, about H and about
 * W (batchgeneratorsv2's `create_affine_matrix_3d`).
 *
 * @example
 * ```ts
 * import { transformMatrix } from "@mednext/data/transform-matrix";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(transformMatrix([0, 0, 0], [1, 2, 3]), [1, 0, 0, 0, 2, 0, 0, 0, 3]);
 * ```
 *
 * @param angles Angles about D, H, W in radians.
 * @param scale Factors along D, H, W; above 1 objects become smaller.
 * @returns Nine numbers, row after row.
 */
export function transformMatrix(angles: Triple, scale: Triple): number[] {
  const [a, b, c] = angles.map(Math.cos), [s, t, u] = angles.map(Math.sin);
  const rotation = [
    [c * b, c * t * s - u * a, c * t * a + u * s],
    [u * b, u * t * s + c * a, u * t * a - c * s],
    [-t, b * s, b * a],
  ];
  return rotation.flatMap((row) => row.map((value, axis) => value * scale[axis] + 0)); // no -0
}
