import { tf } from "../../tf.ts";
import type { TensorFlowKernel } from "./tensorflow_kernel.ts";

/** x·Φ(x). */
export const gelu: TensorFlowKernel<"Gelu"> = ({ x }) => tf.mul(x, normalCdf(x));

/** dy·(Φ(x) + x·φ(x)). */
export const geluGrad: TensorFlowKernel<"GeluGrad"> = ({ x, dy }) =>
  tf.mul(dy, slopeOfGelu(x, normalCdf(x)));

/** Φ(x), the distribution function of the standard normal distribution. */
export function normalCdf(x: tf.Tensor): tf.Tensor {
  return tf.add(tf.mul(tf.erf(tf.mul(x, Math.SQRT1_2)), 0.5), 0.5);
}

/** Φ(x) + x·φ(x), given Φ(x). */
export function slopeOfGelu(x: tf.Tensor, cdf: tf.Tensor): tf.Tensor {
  const density = tf.mul(tf.exp(tf.mul(tf.square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
  return tf.add(cdf, tf.mul(x, density));
}
