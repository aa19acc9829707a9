import type { Triple } from "../volume.ts";
import type { Box } from "./box.ts";

/** Number of voxels of a box along D, H, W. */
export function boxShape(box: Box): Triple {
  return box.stop.map((stop, axis) => stop - box.start[axis]) as Triple;
}

/** Arrays that voxels are copied between. */
type Values = Float32Array | Int16Array | Uint8Array | Uint16Array | Int32Array;

/** Copies the voxels of a box out of an array over `[D, H, W, channels]`. */
export function copyFromBox<T extends Values>(
  source: T,
  target: T,
  options: { shape: Triple; box: Box; channels?: number },
): T {
  forEachRow(options, (whole, part, length) => {
    target.set(source.subarray(whole, whole + length), part);
  });
  return target;
}

/** Copies an array the size of a box into its place in an array over `[D, H, W, channels]`. */
export function copyIntoBox<T extends Values>(
  source: T,
  target: T,
  options: { shape: Triple; box: Box; channels?: number },
): T {
  forEachRow(options, (whole, part, length) => {
    target.set(source.subarray(part, part + length), whole);
  });
  return target;
}

/** Calls back for each row of the box: where it begins in the whole and in the box, its length. */
function forEachRow(
  { shape, box, channels = 1 }: { shape: Triple; box: Box; channels?: number },
  each: (whole: number, part: number, length: number) => void,
): void {
  const length = (box.stop[2] - box.start[2]) * channels;
  let part = 0;
  for (let z = box.start[0]; z < box.stop[0]; z++) {
    for (let y = box.start[1]; y < box.stop[1]; y++, part += length) {
      each(((z * shape[1] + y) * shape[2] + box.start[2]) * channels, part, length);
    }
  }
}
