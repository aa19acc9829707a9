import {
  type AugmentationMode,
  augmentationRecipe,
  type TransformChanges,
  type Triple,
} from "@mednext/data";
import type { MedNeXtConfig } from "@mednext/mednext";
import type { Initialization } from "../../artifacts/initialize_model.ts";
import type { JsonSchema } from "../../stage.ts";
import { modelParams } from "./model_params.ts";
import { checkOptimizerParams, type OptimizerParams, optimizerParams } from "./optimizer_params.ts";
import { transformParams } from "./transform_params.ts";

/** Parameters of the stage `train`; the defaults are the paper's. */
export interface TrainParams {
  fold: number | "all";
  model: Omit<
    MedNeXtConfig,
    "inputChannels" | "classes" | "kernelSize" | "deepSupervision" | "seed"
  >;
  kernelSize: number;
  initialize: Initialization;
  patchSize: [number, number, number];
  batchSize: number;
  epochs: number;
  stepsPerEpoch: number;
  maxMinutes?: number;
  validationSteps?: number;
  weights: "final" | "best";
  checkpointEvery: number;
  optimizer: OptimizerParams;
  decayEvery: "step" | "epoch";
  warmupSteps: number;
  accumulate: number;
  maxGradientNorm: number;
  deepSupervision: boolean;
  deepSupervisionWeights: "mednext" | "nnunet";
  batchDice: boolean;
  foregroundFraction: number;
  augmentation: AugmentationMode;
  mirrorAxes: number[];
  transforms: TransformChanges;
}

/** JSON Schema of {@linkcode TrainParams}. */
export const trainParams: JsonSchema = {
  type: "object",
  additionalProperties: false,
  properties: {
    fold: {
      anyOf: [{ type: "integer", minimum: 0 }, { const: "all" }],
      default: 0,
      description: "Fold whose validation cases are held back; all trains on every case",
    },
    model: modelParams,
    kernelSize: { enum: [1, 3, 5, 7], default: 3, description: "Depthwise kernel along each axis" },
    initialize: {
      enum: ["scratch", "continue", "upkern"],
      default: "scratch",
      description:
        "Where the weights come from: at random, from the input `init`, or from it by UpKern",
    },
    patchSize: {
      type: "array",
      items: { type: "integer", minimum: 16, multipleOf: 16 },
      minItems: 3,
      maxItems: 3,
      description:
        "Voxels along the axes of the preprocessed arrays, each a multiple of 16; the plan's, or else 128 x 128 x 128, if left out",
    },
    batchSize: {
      type: "integer",
      minimum: 1,
      description: "Patches in a step; the plan's, or else 2, if left out",
    },
    epochs: { type: "integer", minimum: 1, default: 1000, description: "Epochs" },
    stepsPerEpoch: { type: "integer", minimum: 1, default: 250, description: "Steps in an epoch" },
    maxMinutes: {
      type: "number",
      exclusiveMinimum: 0,
      description:
        "Stops after this many minutes of training, if the epochs are not over before. The learning rate then falls " +
        "with the share of the time, so the result depends on the machine's speed; no limit if left out",
    },
    validationSteps: {
      type: "integer",
      minimum: 0,
      description:
        "Batches of held-back cases that are looked at after each epoch; 0 for none. A fifth of stepsPerEpoch if " +
        "left out: the paper's 50 for 250",
    },
    weights: {
      enum: ["final", "best"],
      default: "final",
      description:
        "Which weights are the model: those at the end, or those of the epoch with the best moving average of the " +
        "pseudo Dice",
    },
    checkpointEvery: {
      type: "integer",
      minimum: 1,
      default: 1,
      description:
        "Epochs between two checkpoints; stopping by hand and a best epoch always write one",
    },
    optimizer: optimizerParams,
    decayEvery: {
      enum: ["step", "epoch"],
      default: "step",
      description: "When the learning rate falls: at each step, or once in an epoch as nnU-Net",
    },
    warmupSteps: {
      type: "integer",
      minimum: 0,
      default: 0,
      description: "Steps over which the learning rate rises from zero at first",
    },
    accumulate: {
      type: "integer",
      minimum: 1,
      default: 1,
      description:
        "Batches whose gradients are averaged for one step: the step of a batch that many times larger, in the " +
        "memory of one (batchDice is taken over each of them)",
    },
    maxGradientNorm: {
      type: "number",
      exclusiveMinimum: 0,
      default: 12,
      description: "Gradients are scaled down to this norm",
    },
    deepSupervision: {
      type: "boolean",
      default: true,
      description: "A loss at each of five scales",
    },
    deepSupervisionWeights: {
      enum: ["mednext", "nnunet"],
      default: "mednext",
      description:
        "1, 1/2, 1/4, … of their sum for the losses from the full resolution down; nnunet leaves out the last",
    },
    batchDice: {
      type: "boolean",
      description:
        "Dice over the whole batch instead of each patch; as in the plan, or else false, if left out",
    },
    foregroundFraction: {
      type: "number",
      minimum: 0,
      maximum: 1,
      default: 0.33,
      description: "Share of the patches that must hold foreground",
    },
    augmentation: {
      enum: ["nnunet", "mirror", "none"],
      default: "nnunet",
      description: "How patches are augmented: all that nnU-Net does, mirroring alone, or nothing",
    },
    mirrorAxes: {
      type: "array",
      items: { enum: [0, 1, 2] },
      uniqueItems: true,
      default: [0, 1, 2],
      description: "Axes along which patches are mirrored at random: 0 is D, 1 is H, 2 is W",
    },
    transforms: transformParams,
  },
};

/**
 * Checks what the schema cannot say.
 *
 * @throws {RangeError} If a setting has no meaning beside another one, or a transform no sense.
 */
export function checkTrainParams(
  { optimizer, weights, validationSteps, augmentation, mirrorAxes, transforms }: Pick<
    TrainParams,
    "optimizer" | "weights" | "validationSteps" | "augmentation" | "mirrorAxes" | "transforms"
  >,
): void {
  checkOptimizerParams(optimizer);
  if (weights === "best" && validationSteps === 0) {
    throw new RangeError(
      "Cannot keep the best weights: 'validationSteps' is 0, so nothing tells which they are",
    );
  }
  const patchSize: Triple = [16, 16, 16]; // whatever it is: it may come from a plan
  augmentationRecipe(augmentation, { patchSize, mirrorAxes, transforms });
}

/** How many batches of held-back cases are looked at after each epoch. */
export function validationStepsOf({ validationSteps, stepsPerEpoch }: TrainParams): number {
  return validationSteps ?? Math.ceil(stepsPerEpoch / 5);
}
