import type { GradConfig } from "@tensorflow/tfjs";
import { backwardKernel, gradConfig } from "./gradient.ts";

/** The gradient of the sums behind the losses of regions; labels have none. */
export const REGION_SUMS_GRADIENT: GradConfig = gradConfig("RegionSums", {
  save: ["logits", "labels"],
  backward: (dy, [logits, labels], attrs) => ({
    logits: () => backwardKernel("RegionSumsGrad", { logits, labels, dy }, attrs)[0],
  }),
});
