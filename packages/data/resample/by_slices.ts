import { copyFromBox, copyIntoBox } from "../crop/copy_box.ts";
import type { Triple } from "../volume.ts";
import { nearestWeights } from "./axis_weights.ts";

/** What is resampled slice by slice, and how. */
export interface BySlicesOptions<T> {
  /** The axis across which the slices lie. */
  axis: number;
  shape: Triple;
  newShape: Triple;
  channels: number;
  /** Makes an array of zeros. */
  create(length: number): T;
  /** Resamples a slice, whose shapes have one voxel along the axis. */
  resample(slice: T, shapes: { shape: Triple; newShape: Triple }): T;
}

/** Resamples each slice across an axis by itself; along the axis the nearest slice is taken. */
export function bySlices<T extends Float32Array | Int16Array | Int32Array>(
  data: T,
  { axis, shape, newShape, channels, create, resample }: BySlicesOptions<T>,
): T {
  const result = create(newShape[0] * newShape[1] * newShape[2] * channels);
  const slice: Triple = [...shape], newSlice: Triple = [...newShape];
  slice[axis] = newSlice[axis] = 1;
  const buffer = create(slice[0] * slice[1] * slice[2] * channels);
  const { first } = nearestWeights(shape[axis], newShape[axis]);
  let from = -1, resampled = buffer;
  first.forEach((index, at) => {
    if (index !== from) {
      copyFromBox(data, buffer, { shape, channels, box: sliceBox(shape, axis, index) });
      resampled = resample(buffer, { shape: slice, newShape: newSlice });
      from = index;
    }
    const box = sliceBox(newShape, axis, at);
    copyIntoBox(resampled, result, { shape: newShape, channels, box });
  });
  return result;
}

function sliceBox(shape: Triple, axis: number, index: number): { start: Triple; stop: Triple } {
  const start: Triple = [0, 0, 0], stop: Triple = [...shape];
  start[axis] = index;
  stop[axis] = index + 1;
  return { start, stop };
}
