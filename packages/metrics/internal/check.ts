import type { Grid } from "../grid.ts";
import type { MaskArray } from "../mask_array.ts";

function isTriple(value: unknown, rule: (entry: number) => boolean): boolean {
  return Array.isArray(value) && value.length === 3 &&
    value.every((entry) => typeof entry === "number" && rule(entry));
}

/** A value as it is shown in an error message. */
export function show(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(show).join(", ")}]`;
  if (typeof value === "number" || value === undefined) return String(value);
  return JSON.stringify(value) ?? String(value);
}

/** Refuses a shape that is not three sizes. */
export function checkShape(shape: unknown, what: string): void {
  if (!isTriple(shape, (size) => Number.isInteger(size) && size > 0)) {
    throw new RangeError(
      `Cannot ${what} as 'shape' must be three positive integers [D, H, W]: current value is ${
        show(shape)
      }`,
    );
  }
}

/** Refuses a spacing that is not three lengths. */
export function checkSpacing(spacing: unknown, what: string): void {
  if (!isTriple(spacing, (size) => Number.isFinite(size) && size > 0)) {
    throw new RangeError(
      `Cannot ${what} as 'spacing' must be three positive numbers of millimetres [z, y, x]: current value is ${
        show(spacing)
      }`,
    );
  }
}

/** Refuses a mask that does not fill its grid. */
export function checkMask(mask: MaskArray, grid: Grid, what: string, name = "mask"): void {
  checkShape(grid.shape, what);
  checkSpacing(grid.spacing, what);
  const [depth, height, width] = grid.shape;
  if (mask.length !== depth * height * width) {
    throw new RangeError(
      `Cannot ${what} as '${name}' must have ${depth * height * width} voxels for shape [${
        grid.shape.join(", ")
      }]: current value has ${mask.length}`,
    );
  }
}

/** Refuses two masks of different length. */
export function checkSameLength(reference: MaskArray, prediction: MaskArray, what: string): void {
  if (reference.length !== prediction.length) {
    throw new RangeError(
      `Cannot ${what} as 'prediction' must have as many voxels as 'reference', ${reference.length}: current value has ${prediction.length}`,
    );
  }
}

/** Refuses a tolerance that is not a length. */
export function checkTolerance(tolerance: unknown, what: string): void {
  if (typeof tolerance !== "number" || !Number.isFinite(tolerance) || tolerance < 0) {
    throw new RangeError(
      `Cannot ${what} as 'tolerance' must be a number of millimetres of at least 0: current value is ${
        show(tolerance)
      }`,
    );
  }
}

/** Refuses a percentile outside of 0 to 100. */
export function checkPercentile(percentile: unknown, what: string): void {
  if (!(typeof percentile === "number" && percentile >= 0 && percentile <= 100)) {
    throw new RangeError(
      `Cannot ${what} as 'percentile' must be a number from 0 to 100: current value is ${
        show(percentile)
      }`,
    );
  }
}
