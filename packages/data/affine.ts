import type { Triple } from "./volume.ts";

/** Lengths of the first three columns, x, y, z: the distances between voxel centres. */
export function columnLengths(affine: readonly number[]): Triple {
  return [0, 1, 2].map((column) =>
    Math.hypot(affine[column], affine[4 + column], affine[8 + column])
  ) as Triple;
}

/** The spacing of an affine in the order of the array axes D, H, W. */
export function spacingOf(affine: readonly number[]): Triple {
  const [x, y, z] = columnLengths(affine);
  return [z, y, x];
}

/** Determinant of the upper left 3x3 part. */
export function determinant(affine: readonly number[]): number {
  const [a, b, c, , d, e, f, , g, h, i] = affine;
  return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
}

/** True when every number is finite and the three columns span space. */
export function isUsable(affine: readonly number[]): boolean {
  if (!affine.every(Number.isFinite)) return false;
  const [x, y, z] = columnLengths(affine);
  return Math.abs(determinant(affine)) > 1e-9 * x * y * z;
}

/** The rotation (or reflection) nearest to the affine's 3x3 part, by Newton's polar iteration. */
export function nearestRotation(affine: readonly number[]): number[] {
  const lengths = columnLengths(affine);
  let m = [0, 1, 2].flatMap((row) => [0, 1, 2].map((col) => affine[4 * row + col] / lengths[col]));
  for (let iteration = 0; iteration < 100; iteration++) {
    const inverse = inverseTranspose(m);
    const next = m.map((value, i) => (value + inverse[i]) / 2);
    const change = Math.max(...next.map((value, i) => Math.abs(value - m[i])));
    m = next;
    if (change < 1e-15) break;
  }
  return m;
}

function inverseTranspose([a, b, c, d, e, f, g, h, i]: number[]): number[] {
  const cofactors = [
    e * i - f * h,
    f * g - d * i,
    d * h - e * g,
    c * h - b * i,
    a * i - c * g,
    b * g - a * h,
    b * f - c * e,
    c * d - a * f,
    a * e - b * d,
  ];
  const det = a * cofactors[0] + b * cofactors[1] + c * cofactors[2];
  return cofactors.map((value) => value / det);
}
