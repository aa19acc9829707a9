import { tf } from "@mednext/kernels";

/**
 * Labels on a coarser (or finer) grid by the nearest voxel, as PyTorch's `nearest-exact`.
 *
 * Voxel i of the new grid takes the old one that holds its centre: `floor((i + 1/2) · old / new)`.
 *
 * @example Half the size
 * ```ts
 * import { tf } from "@mednext/kernels";
 * import { downsampleLabels } from "@mednext/segment";
 * import { assertEquals } from "@std/assert";
 *
 * const labels: tf.Tensor4D = tf.tensor4d([0, 1, 2, 3], [1, 1, 1, 4], "int32");
 * assertEquals([...downsampleLabels(labels, [1, 1, 2]).dataSync()], [1, 3]);
 * ```
 *
 * @param labels `[N, D, H, W]`.
 * @param size The new D, H, W.
 * @returns `[N, …size]` of the same type; a copy without values of its own when the size is the same.
 */
export function downsampleLabels(
  labels: tf.Tensor4D,
  size: readonly [number, number, number],
): tf.Tensor4D {
  const [batch, ...from] = labels.shape;
  if (size.every((length, axis) => length === from[axis])) return tf.clone(labels);
  const [planes, rows, columns] = size.map((length, axis) => nearest(from[axis], length));
  const indices = new Int32Array(batch * planes.length * rows.length * columns.length);
  let next = 0;
  for (let n = 0; n < batch; n++) {
    for (const z of planes) {
      for (const y of rows) {
        const row = ((n * from[0] + z) * from[1] + y) * from[2];
        for (const x of columns) indices[next++] = row + x;
      }
    }
  }
  return tf.tidy(() =>
    tf.reshape(tf.gather(tf.reshape(labels, [-1]), tf.tensor1d(indices, "int32")), [batch, ...size])
  );
}

function nearest(from: number, to: number): number[] {
  return Array.from(
    { length: to },
    (_, index) => Math.min(from - 1, Math.floor((index + 0.5) * from / to)),
  );
}
