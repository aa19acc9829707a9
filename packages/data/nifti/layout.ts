import type { Triple } from "../volume.ts";
import type { NiftiHeader } from "./header.ts";
import { isScaled, storedBytes } from "./voxels.ts";

/** Where the array's axes come from: x, y, z and at most one further dimension of more than 1. */
export function layout(header: NiftiHeader, name: string): { shape: Triple; channels: number } {
  const [nx, ny = 1, nz = 1, ...further] = header.dimensions;
  const several = further.filter((length) => length > 1);
  if (several.length > 1) {
    throw new RangeError(
      `Cannot read '${name}' as a volume: expected at most one dimension beyond x, y, z, found ` +
        header.dimensions.join("x"),
    );
  }
  return { shape: [nz, ny, nx], channels: several[0] ?? 1 };
}

/** Refuses voxels that would take more memory than allowed. */
export function checkSize(header: NiftiHeader, limit: { name: string; maxBytes: number }): void {
  const stored = storedBytes(header.datatype);
  const decoded = isScaled(header)
    ? (stored <= 2 || header.datatype === "float32" ? 4 : 8)
    : stored;
  const bytes = countOf(header) * Math.max(stored, decoded);
  if (bytes <= limit.maxBytes) return;
  throw new RangeError(
    `Cannot read '${limit.name}' as NIfTI: expected at most ${limit.maxBytes} bytes of voxels ` +
      `(maxBytes), found ${header.dimensions.join("x")} of ${header.datatype}, ${bytes} bytes`,
  );
}

/** Refuses a scale that gives no numbers. */
export function checkScale(header: NiftiHeader, name: string): void {
  if (!isScaled(header) || Number.isFinite(header.intercept)) return;
  throw new SyntaxError(
    `Cannot read '${name}' as NIfTI: expected a finite intercept with the slope ${header.slope}, ` +
      `found ${header.intercept}`,
  );
}

/** Number of values in the file. */
export function countOf(header: NiftiHeader): number {
  return header.dimensions.reduce((product, length) => product * length, 1);
}
