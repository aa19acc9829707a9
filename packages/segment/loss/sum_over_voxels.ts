import { tf } from "@mednext/kernels";

/** The most voxels summed in one go: 32-bit sums of more lose digits. */
const MOST_ROWS = 4096;
/** The fewest that make the two-level sum worth its while. */
const FEWEST_ROWS = 64;

/**
 * Sums `[G, V, K]` over the voxels to `[G, K]`, as a product with ones: plain backends would transpose
 * the whole tensor for a sum over an axis that is not the last.
 */
export function sumOverVoxels(x: tf.Tensor): tf.Tensor {
  const [groups, rows, classes] = x.shape;
  let chunk = 1;
  while (chunk < MOST_ROWS && rows % (chunk * 2) === 0) chunk *= 2;
  if (chunk < FEWEST_ROWS) chunk = rows;
  const chunks = tf.reshape(x, [groups * rows / chunk, chunk, classes]);
  const sums = tf.matMul(tf.ones([1, 1, chunk]), chunks as tf.Tensor3D); //      [chunks, 1, K]
  return tf.sum(tf.reshape(sums, [groups, rows / chunk, classes]), 1);
}
