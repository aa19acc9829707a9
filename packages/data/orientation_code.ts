/**
 * Orientation in three letters.
 * @module
 */
import { worldAxes } from "./orientation.ts";

const LETTERS = [["L", "R"], ["P", "A"], ["I", "S"]];

/**
 * Where the voxel axes x, y, z run to, by the nearest direction of the body: `RAS` is to the right,
 * to anterior, to superior. The same as nibabel's `aff2axcodes`.
 *
 * @example Left, posterior, superior, the axes of many scanners
 * ```ts
 * import { orientationCode } from "@mednext/data";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(orientationCode([-1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]), "LPS");
 * ```
 *
 * @param affine 16 numbers, row by row, from x, y, z to RAS millimetres; may be oblique or sheared.
 * @returns Three letters, one of R and L, A and P, S and I each.
 * @throws {RangeError} if the affine is not invertible.
 */
export function orientationCode(affine: readonly number[]): string {
  return worldAxes(affine).map(({ axis, sign }) => LETTERS[axis][sign < 0 ? 0 : 1]).join("");
}
