import { columnLengths, isUsable } from "../affine.ts";
import type { NiftiHeader } from "./header.ts";
import { quaternionToRotation } from "./quaternion.ts";

/**
 * Factors to millimetres of the units of space: metre, millimetre, micron; anything else is taken
 * as mm.
 */
const MILLIMETRES: Readonly<Record<number, number>> = { 1: 1000, 2: 1, 3: 0.001 };

/**
 * The affine of a header in millimetres, by the rule of nibabel: the sform where its code is set,
 * else the qform, else the spacing alone around the centre of the volume with x reversed. A
 * transform that cannot be one (not finite, or flat) is passed over.
 *
 * @throws {SyntaxError} if a transform is set and none can be used.
 */
export function headerAffine(
  header: NiftiHeader,
  name: string,
): { affine: number[]; notes: string[] } {
  const notes: string[] = [];
  const spacing = storedSpacing(header, notes);
  const candidates: [set: boolean, kind: string, affine: number[] | undefined][] = [
    [header.sformCode > 0, "sform", [...header.srow, 0, 0, 0, 1]],
    [header.qformCode > 0, "qform", qform(header, spacing)],
  ];
  const set = candidates.filter(([isSet]) => isSet);
  for (const [, kind, affine] of set) {
    if (affine && isUsable(affine)) {
      compareSpacing(affine, spacing, notes);
      return { affine: inMillimetres(affine, header), notes };
    }
    notes.push(`the ${kind} is not an invertible transform and is passed over`);
  }
  if (set.length > 0) {
    throw new SyntaxError(
      `Cannot read '${name}' as NIfTI: expected an invertible transform to space, found none in its ` +
        set.map(([, kind]) => kind).join(" and its "),
    );
  }
  notes.push("no transform to space is set: the orientation is a guess (LAS, centred)");
  return { affine: inMillimetres(centred(header, spacing), header), notes };
}

/** Spacing of x, y, z as nibabel mends it: no sign, and 1 where it is zero or no number. */
function storedSpacing(header: NiftiHeader, notes: string[]): number[] {
  return header.pixdim.slice(1, 4).map((value, axis) => {
    if (axis >= header.dimensions.length) return value > 0 && Number.isFinite(value) ? value : 1;
    if (value > 0 && Number.isFinite(value)) return value;
    const mended = Number.isFinite(value) && value !== 0 ? -value : 1;
    notes.push(`pixdim[${axis + 1}] is ${value} and is taken as ${mended}`);
    return mended;
  });
}

function qform(header: NiftiHeader, spacing: number[]): number[] | undefined {
  const rotation = quaternionToRotation(header.quaternion);
  if (!rotation) return undefined;
  const scale = [spacing[0], spacing[1], header.pixdim[0] === -1 ? -spacing[2] : spacing[2]];
  const rows = [0, 1, 2].flatMap((row) => [
    ...scale.map((factor, column) => rotation[3 * row + column] * factor),
    header.quaternionOffset[row],
  ]);
  return [...rows, 0, 0, 0, 1];
}

function centred(header: NiftiHeader, spacing: number[]): number[] {
  const [x, y, z] = spacing;
  const [nx, ny = 1, nz = 1] = header.dimensions;
  const half = [(nx - 1) / 2, (ny - 1) / 2, (nz - 1) / 2];
  // deno-fmt-ignore
  return [
    -x, 0, 0, x * half[0],
    0, y, 0, -y * half[1],
    0, 0, z, -z * half[2],
    0, 0, 0, 1,
  ];
}

function inMillimetres(affine: number[], header: NiftiHeader): number[] {
  const factor = MILLIMETRES[header.units & 7] ?? 1;
  return factor === 1 ? affine : affine.map((value, i) => i < 12 ? value * factor : value);
}

function compareSpacing(affine: number[], spacing: number[], notes: string[]): void {
  const lengths = columnLengths(affine);
  if (lengths.every((length, axis) => Math.abs(length - spacing[axis]) <= 1e-3 * length)) return;
  const text = (values: number[]) =>
    values.map((value) => Number(value.toPrecision(6))).join(" x ");
  notes.push(
    `the spacing of x, y, z is ${text(lengths)} by the transform, which is used, and ${
      text(spacing)
    } by pixdim`,
  );
}
