import type { Triple } from "../volume.ts";

const OUTSIDE = 2;

/**
 * Sets every 0 of a mask that no path of 0s through voxel faces joins to the border, in place.
 * The same as scipy's `binary_fill_holes` with its default structure. Fills run by run along W, so
 * the stack holds runs, not voxels.
 */
export function fillHoles(mask: Uint8Array, shape: Triple): void {
  const [depth, height, width] = shape;
  const stack: number[] = [];
  forEachBorderVoxel(shape, (voxel) => {
    if (mask[voxel] !== 0) return;
    stack.push(voxel);
    while (stack.length > 0) {
      const at = stack.pop()!;
      if (mask[at] !== 0) continue;
      const row = Math.floor(at / width);
      const [start, stop] = fillRun(mask, at, { from: row * width, to: (row + 1) * width });
      const y = row % height, z = Math.floor(row / height);
      if (y > 0) pushRuns(mask, start - width, stop - width, stack);
      if (y < height - 1) pushRuns(mask, start + width, stop + width, stack);
      if (z > 0) pushRuns(mask, start - height * width, stop - height * width, stack);
      if (z < depth - 1) pushRuns(mask, start + height * width, stop + height * width, stack);
    }
  });
  for (let i = 0; i < mask.length; i++) mask[i] = mask[i] === OUTSIDE ? 0 : 1;
}

/** Marks the run of 0s around a voxel, within its row; returns its first voxel and one past its last. */
function fillRun(
  mask: Uint8Array,
  at: number,
  row: { from: number; to: number },
): [number, number] {
  let start = at, stop = at + 1;
  while (start > row.from && mask[start - 1] === 0) start--;
  while (stop < row.to && mask[stop] === 0) stop++;
  mask.fill(OUTSIDE, start, stop);
  return [start, stop];
}

/** Puts the first voxel of each run of 0s between two voxels of a row on the stack. */
function pushRuns(mask: Uint8Array, from: number, to: number, stack: number[]): void {
  for (let at = from; at < to; at++) {
    if (mask[at] === 0 && (at === from || mask[at - 1] !== 0)) stack.push(at);
  }
}

function forEachBorderVoxel([depth, height, width]: Triple, visit: (at: number) => void): void {
  for (let z = 0; z < depth; z++) {
    const isOuterPlane = z === 0 || z === depth - 1;
    for (let y = 0; y < height; y++) {
      const row = (z * height + y) * width;
      const isOuterRow = isOuterPlane || y === 0 || y === height - 1;
      for (let x = 0; x < width; x += isOuterRow || width === 1 ? 1 : width - 1) visit(row + x);
    }
  }
}
