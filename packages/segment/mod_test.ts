import { assertEquals } from "@std/assert";
import * as segment from "./mod.ts";

const NAMES = [
  "activateScores",
  "addClassCounts",
  "addRegionCounts",
  "applyPostprocessing",
  "argmaxMask",
  "clipByGlobalNorm",
  "connectedComponents",
  "createAdamW",
  "createClassCounts",
  "createFitState",
  "createOptimizer",
  "createSgd",
  "deepSupervisionLoss",
  "deepSupervisionWeights",
  "diceCrossEntropyLoss",
  "downsampleLabels",
  "exponentialMovingAverage",
  "exportFitState",
  "fit",
  "gaussianImportance",
  "importFitState",
  "keepLargestComponent",
  "polynomialSchedule",
  "predictSlabs",
  "predictVolume",
  "pseudoDice",
  "slidingWindowSteps",
  "softDiceLoss",
  "softmaxCrossEntropyLoss",
  "trainStep",
  "validate",
];

Deno.test("mod.ts exports these names and no others", () => {
  assertEquals(Object.keys(segment).toSorted(), NAMES);
});
