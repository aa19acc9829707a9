/**
 * The phantom's anatomy: known shapes in world coordinates, so that any grid can look at them.
 */
import { randomStream } from "@mednext/data";

/** A point in millimetres, x to the right, y to the front, z to the head. */
export type Point = [number, number, number];

/** An ellipsoid whose first axis is turned about z. */
export interface Ellipsoid {
  /** Centre in millimetres. */
  centre: Point;
  /** Half axes in millimetres. */
  radii: Point;
  /** Turn about z in radians. */
  angle: number;
}

/** One phantom: a body that holds an organ with a core, and beside it a vessel as bright as the core. */
export interface Anatomy {
  /** Everything outside of it is air. */
  body: Ellipsoid;
  /** Label 1 where the core is not. */
  organ: Ellipsoid;
  /** Label 2, always inside the organ. */
  core: Ellipsoid;
  /** No label; only its place tells it from the core. */
  vessel: Ellipsoid;
  /** Slope of the scanner's sensitivity in 1/mm. */
  bias: Point;
}

/** Draws the anatomy of one case; the same seed and case give the same anatomy. */
export function drawAnatomy(seed: number, id: string): Anatomy {
  const stream = randomStream(seed, "anatomy", id);
  const between = (low: number, high: number) => low + (high - low) * stream.uniform();
  const around = (spread: number): Point => [
    between(-spread, spread),
    between(-spread, spread),
    between(-spread, spread),
  ];
  const side = 5;
  const organCentre = shift([side, 2, 0], around(2));
  const organ: Ellipsoid = {
    centre: organCentre,
    radii: [between(7, 9), between(9, 12), between(7, 10)],
    angle: between(-0.5, 0.5),
  };
  const coreRadius = between(3.2, 4.5);
  return {
    body: { centre: [0, 0, 0], radii: [17, 20, 18], angle: 0 },
    organ,
    core: {
      centre: shift(organCentre, around(1.5)),
      radii: [coreRadius, coreRadius * between(0.9, 1.3), coreRadius],
      angle: between(0, Math.PI),
    },
    vessel: { centre: shift([-9, -4, 0], around(1.5)), radii: [3, 3, 14], angle: 0 },
    bias: around(0.008),
  };
}

/** Label of a point: 0 background, 1 organ, 2 core. */
export function labelAt({ organ, core }: Anatomy, point: Point): number {
  if (isInside(core, point)) return 2;
  return isInside(organ, point) ? 1 : 0;
}

/** Intensity of a point before noise: 0 is air. */
export function intensityAt(anatomy: Anatomy, point: Point): number {
  if (!isInside(anatomy.body, point)) return 0;
  const label = labelAt(anatomy, point);
  const bright = label === 2 || isInside(anatomy.vessel, point);
  const tissue = bright ? 620 : label === 1 ? 460 : 300;
  return tissue * (1 + point.reduce((sum, value, axis) => sum + value * anatomy.bias[axis], 0));
}

function isInside({ centre, radii, angle }: Ellipsoid, [x, y, z]: Point): boolean {
  const [dx, dy, dz] = [x - centre[0], y - centre[1], z - centre[2]];
  const u = (Math.cos(angle) * dx + Math.sin(angle) * dy) / radii[0];
  const v = (Math.cos(angle) * dy - Math.sin(angle) * dx) / radii[1];
  return u * u + v * v + (dz / radii[2]) ** 2 <= 1;
}

function shift(point: Point, by: Point): Point {
  return [point[0] + by[0], point[1] + by[1], point[2] + by[2]];
}
