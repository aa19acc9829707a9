import type { GradConfig } from "@tensorflow/tfjs";
import { backwardKernel, gradConfig } from "./gradient.ts";

/** The gradient of the sums behind cross-entropy and soft Dice; labels have none. */
export const SEGMENTATION_SUMS_GRADIENT: GradConfig = gradConfig("SegmentationSums", {
  save: ["logits", "labels"],
  backward: (dy, [logits, labels], attrs) => ({
    logits: () => backwardKernel("SegmentationSumsGrad", { logits, labels, dy }, attrs)[0],
  }),
});
