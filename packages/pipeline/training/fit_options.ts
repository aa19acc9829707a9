import type { FitOptions, OptimizerSettings } from "@mednext/segment";
import type { TrainParams } from "../stages/params/train_params.ts";
import type { TrainingTarget } from "./training_target.ts";

/** The recipe of a training as `createFitState` takes it. */
export function fitOptions(params: TrainParams, meaning: TrainingTarget["loss"]): FitOptions {
  const { epochs, stepsPerEpoch, decayEvery, optimizer: { learningRate, ...settings } } = params;
  return {
    totalSteps: epochs * stepsPerEpoch,
    optimizer: settings as OptimizerSettings,
    learningRate,
    scheduleEvery: decayEvery === "epoch" ? stepsPerEpoch : 1,
    warmupSteps: params.warmupSteps,
    accumulate: params.accumulate,
    maxGradientNorm: params.maxGradientNorm,
    loss: {
      batchDice: params.batchDice,
      dropLast: params.deepSupervisionWeights === "nnunet",
      ...meaning,
    },
  };
}
