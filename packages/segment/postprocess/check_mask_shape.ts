import type { Connectivity } from "./runs.ts";

/** Refuses a mask that does not fill its shape, and a connectivity that there is not. */
export function checkMaskShape(
  mask: ArrayLike<number>,
  { shape, connectivity }: { shape: readonly number[]; connectivity: Connectivity },
  what: string,
): void {
  const voxels = shape.reduce((product, length) => product * length, 1);
  if (shape.length !== 3 || !shape.every(Number.isInteger) || mask.length !== voxels) {
    throw new RangeError(
      `Cannot ${what}: expected a mask of shape [D, H, W] = [${shape.join(", ")}], found ` +
        `${mask.length} voxels`,
    );
  }
  if (![6, 18, 26].includes(connectivity)) {
    throw new RangeError(
      `Cannot ${what}: expected connectivity 6, 18 or 26, found ${connectivity}`,
    );
  }
}
