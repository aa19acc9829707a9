import type { Triple } from "../grid.ts";

/** First and one-past-last voxel along each axis. */
export interface Box {
  start: Triple;
  stop: Triple;
}

/** The smallest box that holds every voxel of both masks, or undefined if both are empty. */
export function unionBox(a: Uint8Array, b: Uint8Array, shape: Triple): Box | undefined {
  const [depth, height, width] = shape;
  const start: Triple = [depth, height, width];
  const stop: Triple = [0, 0, 0];
  for (let z = 0, row = 0; z < depth; z++) {
    for (let y = 0; y < height; y++, row += width) {
      let first = 0;
      while (first < width && (a[row + first] | b[row + first]) === 0) first++;
      if (first === width) continue;
      let last = width - 1;
      while ((a[row + last] | b[row + last]) === 0) last--;
      start[0] = Math.min(start[0], z);
      start[1] = Math.min(start[1], y);
      start[2] = Math.min(start[2], first);
      stop[0] = z + 1;
      stop[1] = Math.max(stop[1], y + 1);
      stop[2] = Math.max(stop[2], last + 1);
    }
  }
  return stop[0] === 0 ? undefined : { start, stop };
}

/** The part of a mask in a box, with one empty voxel added on each side of each axis. */
export function cropPadded(mask: Uint8Array, shape: Triple, box: Box): Uint8Array {
  const [, height, width] = shape;
  const [depthOut, heightOut, widthOut] = paddedShape(box);
  const out = new Uint8Array(depthOut * heightOut * widthOut);
  for (let z = box.start[0]; z < box.stop[0]; z++) {
    for (let y = box.start[1]; y < box.stop[1]; y++) {
      const from = (z * height + y) * width;
      const to = ((z - box.start[0] + 1) * heightOut + y - box.start[1] + 1) * widthOut + 1;
      out.set(mask.subarray(from + box.start[2], from + box.stop[2]), to);
    }
  }
  return out;
}

/** The shape of what {@linkcode cropPadded} gives. */
export function paddedShape(box: Box): Triple {
  return box.start.map((first, axis) => box.stop[axis] - first + 2) as Triple;
}
