import type { Triple } from "./grid.ts";
import { checkSpacing } from "./internal/check.ts";
import { cellTriangles } from "./internal/marching_cubes.ts";

let triangles: Triple[][] | undefined;

/**
 * The area of the surface in a cell of 2x2x2 voxels, for each of its 256 neighbourhood codes, as in
 * DeepMind's surface-distance.
 *
 * A code has a bit for each voxel: bit 7 is the voxel at (0, 0, 0), bit 0 that at (1, 1, 1), the last axis
 * fastest. The areas come from marching cubes with vertices in the middle of the edges, computed here, not
 * from a stored table; codes 0 and 255 have none.
 *
 * @example One voxel of 1 mm is cut off by eight corners of √3/8 mm²
 * ```ts
 * import { surfelAreas } from "@mednext/metrics";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(surfelAreas([1, 1, 1])[1], Math.sqrt(3) / 8);
 * ```
 *
 * @param spacing Millimetres from voxel to voxel along z, y, x.
 * @returns 256 areas in mm².
 * @throws {RangeError} If the spacing is not three positive numbers.
 */
export function surfelAreas(spacing: Triple): Float64Array {
  checkSpacing(spacing, "compute surfel areas");
  triangles ??= Array.from({ length: 256 }, (_, code) => cellTriangles(code));
  const [z, y, x] = spacing;
  return Float64Array.from(triangles, (cell) => {
    let area = 0;
    for (const [a, b, c] of cell) area += Math.hypot(a * y * x, b * z * x, c * z * y);
    return area;
  });
}
