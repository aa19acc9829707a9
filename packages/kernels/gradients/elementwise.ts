import type { GradConfig } from "@tensorflow/tfjs";
import { backwardKernel, gradConfig } from "./gradient.ts";

/** The gradients of GELU and of the trilinear resize. */
export const ELEMENTWISE_GRADIENTS: GradConfig[] = [
  gradConfig("Gelu", {
    save: ["x"],
    backward: (dy, [x]) => ({ x: () => backwardKernel("GeluGrad", { x, dy }, {})[0] }),
  }),
  gradConfig("ResizeTrilinear", {
    save: ["x"],
    backward: (dy, [x]) => ({
      x: () => backwardKernel("ResizeTrilinearGrad", { dy }, { inputShape: x.shape })[0],
    }),
  }),
];
