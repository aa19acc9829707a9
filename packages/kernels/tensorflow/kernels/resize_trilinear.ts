import { tf } from "../../tf.ts";
import { neighbours } from "../../trilinear_neighbours.ts";
import type { TensorFlowKernel } from "./tensorflow_kernel.ts";

/** Interpolates one axis after the other, each by a matrix with two weights in a row. */
export const resizeTrilinear: TensorFlowKernel<"ResizeTrilinear"> = ({ x }, { size }) =>
  size.reduce((y, to, i) => {
    return alongAxis(y, i + 1, { matrix: weights(y.shape[i + 1], to), transpose: false });
  }, x);

/** The adjoint: the transposed matrices. */
export const resizeTrilinearGrad: TensorFlowKernel<"ResizeTrilinearGrad"> = (
  { dy },
  { inputShape },
) =>
  [1, 2, 3].reduce((dx, axis) => {
    const matrix = weights(inputShape[axis], dx.shape[axis]);
    return alongAxis(dx, axis, { matrix, transpose: true });
  }, dy);

/** Multiplies the values along an axis by a matrix. */
function alongAxis(
  x: tf.Tensor,
  axis: number,
  { matrix, transpose }: { matrix: tf.Tensor2D; transpose: boolean },
): tf.Tensor {
  const shape = x.shape as number[];
  const after = shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  const y = tf.matMul(matrix, tf.reshape(x, [-1, shape[axis], after]), transpose, false);
  return tf.reshape(y, shape.with(axis, matrix.shape[transpose ? 1 : 0]));
}

/** `[to, from]`: what each output takes of each input. */
function weights(from: number, to: number): tf.Tensor2D {
  const matrix = new Float32Array(to * from);
  neighbours(from, to).forEach(({ low, high, weight }, i) => {
    matrix[i * from + low] += 1 - weight;
    matrix[i * from + high] += weight;
  });
  return tf.tensor2d(matrix, [to, from]);
}
