/**
 * Marching cubes on one cell of 2x2x2 voxels, with vertices in the middle of the edges: the oriented
 * areas of the triangles for each of the 256 neighbourhood codes.
 *
 * Two choices make the table: how ambiguous configurations are joined and how polygons that are not
 * planar are cut into triangles. They are the ones with which the areas agree with those of DeepMind's
 * surface-distance for all 256 codes at any spacing:
 *
 * 1. The surface is drawn around the corners that are in the minority (at most four), and corners that
 *    touch only along a diagonal of a face are kept apart.
 * 2. Of all triangulations of a polygon, the one with the largest total area at unit spacing is taken.
 *
 * @module
 */
import type { Triple } from "../grid.ts";

/** A point of the cell in half voxels: each coordinate is 0, 1 or 2. */
type Point = Triple;

/**
 * The eight corners in the order of the bits of a code, from bit 0: the corner at (1, 1, 1) is bit 0, the
 * one at (0, 0, 0) is bit 7.
 */
const CORNERS: Point[] = Array.from({ length: 8 }, (_, bit) => {
  const position = 7 - bit;
  return [position >> 2, (position >> 1) & 1, position & 1];
});

/** The ring of four corners (as bits) around each of the six faces. */
const FACES: number[][] = [0, 1, 2].flatMap((axis) =>
  [0, 1].map((side) =>
    [[0, 0], [1, 0], [1, 1], [0, 1]].map((inPlane) => {
      const corner = [...inPlane];
      corner.splice(axis, 0, side);
      return CORNERS.findIndex((c) => c.every((value, i) => value === corner[i]));
    })
  )
);

/** The middle of the edge between two corners, as a key. */
function edgeKey(a: number, b: number): number {
  const [z, y, x] = CORNERS[a].map((value, axis) => value + CORNERS[b][axis]);
  return z * 9 + y * 3 + x;
}

function pointOf(key: number): Point {
  return [Math.floor(key / 9), Math.floor(key / 3) % 3, key % 3];
}

/** The lines in which the surface around the set corners cuts the faces. */
function faceSegments(code: number): [number, number][] {
  const segments: [number, number][] = [];
  for (const ring of FACES) {
    const isSet = ring.map((corner) => ((code >> corner) & 1) === 1);
    const crossing = [0, 1, 2, 3].map((i) => edgeKey(ring[i], ring[(i + 1) % 4]));
    const crossed = crossing.filter((_, i) => isSet[i] !== isSet[(i + 1) % 4]);
    if (crossed.length === 2) segments.push([crossed[0], crossed[1]]);
    if (crossed.length === 4) { // a diagonal: cut off each set corner by itself
      ring.forEach((_, i) => {
        if (isSet[i]) segments.push([crossing[(i + 3) % 4], crossing[i]]);
      });
    }
  }
  return segments;
}

/** The closed polygons that the segments form. */
function polygons(code: number): Point[][] {
  const neighbours = new Map<number, number[]>();
  for (const [a, b] of faceSegments(code)) {
    neighbours.set(a, [...neighbours.get(a) ?? [], b]);
    neighbours.set(b, [...neighbours.get(b) ?? [], a]);
  }
  const result: Point[][] = [];
  const seen = new Set<number>();
  for (const start of neighbours.keys()) {
    const polygon: Point[] = [];
    let next: number | undefined = seen.has(start) ? undefined : start;
    while (next !== undefined) {
      seen.add(next);
      polygon.push(pointOf(next));
      next = neighbours.get(next)!.find((key) => !seen.has(key));
    }
    if (polygon.length > 0) result.push(polygon);
  }
  return result;
}

/** The oriented area of a triangle in voxel faces; the sign has no meaning. */
function orientedArea(a: Point, b: Point, c: Point): Triple {
  const [u, v] = [b, c].map((p) => p.map((value, axis) => (value - a[axis]) / 2));
  return [0, 1, 2].map((axis) => {
    const [i, j] = [(axis + 1) % 3, (axis + 2) % 3];
    return (u[i] * v[j] - u[j] * v[i]) / 2;
  }) as Triple;
}

/** Every triangulation of the part of a polygon from vertex `from` to vertex `to`, as oriented areas. */
function triangulations(polygon: Point[], from: number, to: number): Triple[][] {
  if (to - from < 2) return [[]];
  const all: Triple[][] = [];
  for (let apex = from + 1; apex < to; apex++) {
    const triangle = orientedArea(polygon[from], polygon[apex], polygon[to]);
    for (const before of triangulations(polygon, from, apex)) {
      for (const after of triangulations(polygon, apex, to)) {
        all.push([...before, ...after, triangle]);
      }
    }
  }
  return all;
}

function totalArea(triangles: Triple[]): number {
  return triangles.reduce((sum, normal) => sum + Math.hypot(...normal), 0);
}

/**
 * The triangles of one cell.
 *
 * @param code Eight bits, one per voxel of the cell; bit 7 is the voxel at (0, 0, 0), bit 0 that at
 * (1, 1, 1), the last axis fastest.
 * @returns The oriented area of each triangle, along z, y, x, for voxels of unit size.
 */
export function cellTriangles(code: number): Triple[] {
  const set = CORNERS.filter((_, bit) => (code >> bit) & 1).length;
  return polygons(set > 4 ? 255 - code : code).flatMap((polygon) =>
    triangulations(polygon, 0, polygon.length - 1).reduce((best, candidate) =>
      totalArea(candidate) > totalArea(best) + 1e-9 ? candidate : best
    )
  );
}
