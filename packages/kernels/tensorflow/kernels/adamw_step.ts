import { tf } from "../../tf.ts";
import type { TensorFlowKernel } from "./tensorflow_kernel.ts";

/** One step of AdamW, in the order of `torch.optim.AdamW`: decay, moments, update. */
export const adamwStep: TensorFlowKernel<"AdamWStep"> = (
  { weights, gradient, firstMoment, secondMoment },
  { learningRate, weightDecay, beta1, beta2, epsilon, step },
) => {
  const first = tf.add(tf.mul(firstMoment, beta1), tf.mul(gradient, 1 - beta1));
  const second = tf.add(tf.mul(secondMoment, beta2), tf.mul(tf.square(gradient), 1 - beta2));
  const root = tf.sqrt(tf.div(second, 1 - beta2 ** step));
  const update = tf.div(tf.mul(first, learningRate / (1 - beta1 ** step)), tf.add(root, epsilon));
  return [tf.sub(tf.mul(weights, 1 - learningRate * weightDecay), update), first, second];
};
