import { tf } from "../../tf.ts";
import type { Triple } from "../../triple.ts";

/** Zeros around D, H and W, before and behind each axis. */
export function padVolume(x: tf.Tensor, padding: readonly (readonly [number, number])[]) {
  if (padding.every(([before, behind]) => before === 0 && behind === 0)) return tf.clone(x);
  const ends = [[0, 0], ...padding, [0, 0]] as [number, number][];
  return tf.pad(x, ends) as tf.Tensor5D;
}

/** The adjoint of {@linkcode padVolume}: the voxels inside of the padding. */
export function crop(x: tf.Tensor, padding: Triple, size: readonly number[]): tf.Tensor {
  return tf.slice(x, [0, ...padding, 0], [x.shape[0], size[1], size[2], size[3], x.shape[4]!]);
}

/** The same number of zeros at both ends of each axis. */
export function bothEnds(padding: Triple): [number, number][] {
  return padding.map((zeros) => [zeros, zeros]);
}
