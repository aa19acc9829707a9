import type { Triple } from "../volume.ts";

/**
 * Sets every 0 of a mask that no path of 0s through voxel faces joins to the border, in place.
 * The same as scipy's `binary_fill_holes` with its default structure.
 */
export function fillHoles(mask: Uint8Array, shape: Triple): void {
  const OUTSIDE = 2;
  const [depth, height, width] = shape;
  const plane = height * width;
  const stack: number[] = [];
  const visit = (at: number) => {
    if (mask[at] === 0) {
      mask[at] = OUTSIDE;
      stack.push(at);
    }
  };
  forEachBorderVoxel(shape, visit);
  while (stack.length > 0) {
    const at = stack.pop()!;
    const x = at % width, y = Math.floor(at / width) % height, z = Math.floor(at / plane);
    if (x > 0) visit(at - 1);
    if (x < width - 1) visit(at + 1);
    if (y > 0) visit(at - width);
    if (y < height - 1) visit(at + width);
    if (z > 0) visit(at - plane);
    if (z < depth - 1) visit(at + plane);
  }
  for (let i = 0; i < mask.length; i++) mask[i] = mask[i] === OUTSIDE ? 0 : 1;
}

function forEachBorderVoxel([depth, height, width]: Triple, visit: (at: number) => void): void {
  for (let z = 0; z < depth; z++) {
    const wholePlane = z === 0 || z === depth - 1;
    for (let y = 0; y < height; y++) {
      const row = (z * height + y) * width;
      if (wholePlane || y === 0 || y === height - 1) {
        for (let x = 0; x < width; x++) visit(row + x);
      } else {
        visit(row);
        visit(row + width - 1);
      }
    }
  }
}
