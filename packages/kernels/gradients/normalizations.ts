import type { GradConfig } from "@tensorflow/tfjs";
import type { tf } from "../tf.ts";
import { backwardKernel, gradConfig } from "./gradient.ts";

/** The gradients of the normalisations: one kernel gives all three at once. */
export const NORMALIZATION_GRADIENTS: GradConfig[] = [
  gradConfig("GroupNorm", {
    save: ["x", "gamma"],
    saveOutputs: [false, true, true],
    backward: (dy, [x, gamma, mean, reciprocalStd]) =>
      byInput(backwardKernel("GroupNormGrad", { x, dy, gamma, mean, reciprocalStd }, {})),
  }),
  gradConfig("LayerNorm", {
    save: ["x", "gamma"],
    saveOutputs: [false, true, true],
    backward: (dy, [x, gamma, mean, reciprocalStd]) =>
      byInput(backwardKernel("LayerNormGrad", { x, dy, gamma, mean, reciprocalStd }, {})),
  }),
  gradConfig("GlobalResponseNorm", {
    save: ["x", "gamma"],
    saveOutputs: [false, true],
    backward: (dy, [x, gamma, norm], { epsilon }) =>
      byInput(backwardKernel("GlobalResponseNormGrad", { x, dy, gamma, norm }, { epsilon })),
  }),
];

function byInput([dx, dgamma, dbeta]: tf.Tensor[]): Record<string, () => tf.Tensor> {
  return { x: () => dx, gamma: () => dgamma, beta: () => dbeta };
}
