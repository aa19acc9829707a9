import type { MedNeXtConfig } from "@mednext/mednext";
import type { Initialization } from "../artifacts/initialize_model.ts";
import type { JsonSchema } from "../stage.ts";

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
  checkpointEvery: number;
  optimizer: { learningRate: number; weightDecay: number; epsilon: number };
  maxGradientNorm: number;
  deepSupervision: boolean;
  batchDice: boolean;
  foregroundFraction: number;
  mirrorAxes: number[];
}

const perStage = (description: string, minimum: number): JsonSchema => ({
  type: "array",
  items: { type: "integer", minimum },
  minItems: 9,
  maxItems: 9,
  description:
    `${description} of encoder 0 to 3, bottleneck, decoder 3 to 0; those of the size if left out`,
});
const kernel = (description: string): JsonSchema => ({ enum: [1, 3, 5, 7], description });

/** The architecture, as `train` and `plan` take it. */
export const model: JsonSchema = {
  type: "object",
  additionalProperties: false,
  default: {},
  description: "The architecture; input channels and classes come from the data",
  properties: {
    size: { enum: ["S", "B", "M", "L"], default: "S", description: "Size of the paper" },
    baseChannels: {
      type: "integer",
      minimum: 1,
      default: 32,
      description: "Channels at full resolution; each level below has twice as many",
    },
    expansionRatios: perStage("Expansion ratios", 1),
    blockCounts: perStage("Numbers of blocks", 1),
    encoderKernelSize: kernel("Kernel of the encoder; kernelSize if left out"),
    decoderKernelSize: kernel("Kernel of bottleneck and decoder; kernelSize if left out"),
    norm: {
      enum: ["group", "layer"],
      default: "group",
      description: "Normalisation in the blocks",
    },
    grn: { type: "boolean", default: false, description: "Global response normalisation" },
    residual: { type: "boolean", default: true, description: "Blocks add their input" },
    residualResampling: {
      type: "boolean",
      default: true,
      description: "Down and up blocks add a pointwise convolution of their input",
    },
    rematerialize: {
      type: "boolean",
      description:
        "Recompute activations backwards instead of keeping them: less memory, more time",
    },
  },
};

const optimizer: JsonSchema = {
  type: "object",
  additionalProperties: false,
  default: {},
  description: "AdamW with polynomial decay of the learning rate",
  properties: {
    learningRate: { type: "number", exclusiveMinimum: 0, default: 1e-3, description: "Of step 0" },
    weightDecay: { type: "number", minimum: 0, default: 3e-5, description: "Decoupled" },
    epsilon: { type: "number", exclusiveMinimum: 0, default: 1e-4, description: "As the paper's" },
  },
};

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
    model,
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
      default: [128, 128, 128],
      description: "Voxels along D, H, W (z, y, x), each a multiple of 16",
    },
    batchSize: { type: "integer", minimum: 1, default: 2, description: "Patches in a step" },
    epochs: { type: "integer", minimum: 1, default: 1000, description: "Epochs" },
    stepsPerEpoch: { type: "integer", minimum: 1, default: 250, description: "Steps in an epoch" },
    checkpointEvery: {
      type: "integer",
      minimum: 1,
      default: 1,
      description: "Epochs between two checkpoints; stopping by hand always writes one",
    },
    optimizer,
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
    batchDice: {
      type: "boolean",
      default: false,
      description: "Dice over the whole batch instead of each patch",
    },
    foregroundFraction: {
      type: "number",
      minimum: 0,
      maximum: 1,
      default: 1 / 3,
      description: "Share of the patches that must hold foreground",
    },
    mirrorAxes: {
      type: "array",
      items: { enum: [0, 1, 2] },
      uniqueItems: true,
      default: [0, 1, 2],
      description: "Axes along which patches are mirrored at random: 0 is D, 1 is H, 2 is W",
    },
  },
};
