import type { GradConfig } from "@tensorflow/tfjs";
import { tf } from "../tf.ts";
import { backwardKernel, gradConfig } from "./gradient.ts";

/** The gradient of the inverted bottleneck: one kernel gives all at once. */
export const INVERTED_BOTTLENECK_GRADIENT: GradConfig = gradConfig("InvertedBottleneck", {
  save: ["x", "gamma", "beta", "expand", "expandBias", "compress"],
  saveOutputs: [false, true, true],
  backward(dy, [x, gamma, beta, expand, expandBias, compress, mean, reciprocalStd], attrs) {
    const inputs = { x, dy, gamma, beta, expand, expandBias, compress, mean, reciprocalStd };
    const gradients = backwardKernel("InvertedBottleneckGrad", inputs, attrs);
    return {
      x: () => gradients[0],
      gamma: () => gradients[1],
      beta: () => gradients[2],
      expand: () => gradients[3],
      expandBias: () => gradients[4],
      compress: () => gradients[5],
      compressBias: () => gradients[6],
      residual: () => tf.clone(dy),
    };
  },
});
