import type { Triple } from "../volume.ts";

/** NIfTI-1 stores b, c, d as float32: this far below zero, a squared is rounding. */
const THRESHOLD = 3 * 2 ** -23;

/**
 * The 3x3 rotation (row by row) of the unit quaternion with the given b, c, d and a >= 0, or
 * undefined when no unit quaternion has them. The rule is that of nifti1.h and of nibabel.
 */
export function quaternionToRotation([b, c, d]: Triple): number[] | undefined {
  const aSquared = 1 - (b * b + c * c + d * d);
  if (!(aSquared > -THRESHOLD)) return undefined;
  const a = aSquared < THRESHOLD ? 0 : Math.sqrt(aSquared);
  const s = 2 / (a * a + b * b + c * c + d * d);
  return [
    1 - s * (c * c + d * d),
    s * (b * c - a * d),
    s * (b * d + a * c),
    s * (b * c + a * d),
    1 - s * (b * b + d * d),
    s * (c * d - a * b),
    s * (b * d - a * c),
    s * (c * d + a * b),
    1 - s * (b * b + c * c),
  ];
}

/** b, c, d of the unit quaternion (a >= 0) of a proper 3x3 rotation, row by row. */
export function rotationToQuaternion(r: readonly number[]): Triple {
  const [xx, xy, xz, yx, yy, yz, zx, zy, zz] = r;
  // Four times the square of each of a, b, c, d; the largest is the safe divisor.
  const squares = [1 + xx + yy + zz, 1 + xx - yy - zz, 1 - xx + yy - zz, 1 - xx - yy + zz];
  const largest = squares.indexOf(Math.max(...squares));
  const products = [
    [squares[0], zy - yz, xz - zx, yx - xy],
    [zy - yz, squares[1], xy + yx, xz + zx],
    [xz - zx, xy + yx, squares[2], yz + zy],
    [yx - xy, xz + zx, yz + zy, squares[3]],
  ][largest];
  const divisor = 2 * Math.sqrt(squares[largest]);
  const [a, b, c, d] = products.map((value) => value / divisor);
  return (a < 0 ? [-b, -c, -d] : [b, c, d]) as Triple;
}
