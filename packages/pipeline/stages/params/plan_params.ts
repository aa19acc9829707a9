import type { PlanOverrides } from "@mednext/data";
import { NORMALIZATION_SCHEMES } from "../../artifacts/manifest_schemas.ts";
import { patchSize, transpose } from "../../artifacts/plan_schema.ts";
import type { JsonSchema } from "../../stage.ts";
import { modelParams } from "./model_params.ts";
import type { TrainParams } from "./train_params.ts";

/** Parameters of the stage `plan`. */
export interface PlanParams extends PlanOverrides {
  preset: "auto" | "paper";
  model: TrainParams["model"];
  kernelSize: number;
  memoryBudget?: number;
  measureSpeed: boolean;
}

/** JSON Schema of {@linkcode PlanParams}. */
export const planParams: JsonSchema = {
  type: "object",
  additionalProperties: false,
  properties: {
    preset: {
      enum: ["auto", "paper"],
      default: "auto",
      description:
        "auto chooses from the data and the memory, as nnU-Net; paper is 1 mm, two patches of 128 x 128 x 128, resampled first",
    },
    model: { ...modelParams, description: "The network to plan for, as in train" },
    kernelSize: { enum: [1, 3, 5, 7], default: 3, description: "Its kernel, as in train" },
    memoryBudget: {
      type: "number",
      exclusiveMinimum: 0,
      description:
        "GiB that a training step may take; nine tenths of what the backend has, and of the machine's memory, if left out",
    },
    measureSpeed: {
      type: "boolean",
      default: true,
      description: "Time a few small steps, to show in the log how long a step of each size takes",
    },
    spacing: {
      type: "array",
      items: { type: "number", exclusiveMinimum: 0 },
      minItems: 3,
      maxItems: 3,
      description: "Millimetres along D, H, W of the images, instead of what would be chosen",
    },
    transpose,
    order: {
      enum: ["resample-first", "normalize-first"],
      description: "resample-first is nnU-Net v1 (the paper), normalize-first is nnU-Net v2",
    },
    normalization: {
      type: "array",
      items: { enum: NORMALIZATION_SCHEMES },
      minItems: 1,
      description: "A scheme for each channel, instead of nnU-Net's for its name",
    },
    patchSize,
    batchSize: {
      type: "integer",
      minimum: 1,
      description: "Patches in a training step, whatever memory they need",
    },
    batchDice: {
      type: "boolean",
      description: "Whether Dice is taken over the whole batch instead of each patch",
    },
  },
};
