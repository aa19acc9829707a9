import type { JsonSchema } from "../stage.ts";
import { names, NORMALIZATION_SCHEMES } from "./manifest_schemas.ts";

const triple = (items: JsonSchema, description: string): JsonSchema => ({
  type: "array",
  items,
  minItems: 3,
  maxItems: 3,
  description,
});
const number: JsonSchema = { type: "number" };
const bytes: JsonSchema = { type: "integer", minimum: 0 };

/** The axes of an array in some order. */
export const transpose: JsonSchema = {
  enum: [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]],
  expected: "the axes 0, 1 and 2 in some order",
  description:
    "For each axis of the preprocessed arrays, the axis of the image (0 is D, 1 is H, 2 is W, in RAS orientation) that it is",
};

/** Spacing in millimetres. */
export const spacing = triple(
  { type: "number", exclusiveMinimum: 0 },
  "Spacing of the preprocessed arrays in millimetres",
);

/** Voxels of a patch. */
export const patchSize = triple(
  { type: "integer", minimum: 16, multipleOf: 16 },
  "Voxels of a patch along the axes of the preprocessed arrays, each a multiple of 16",
);

const properties: JsonSchema = {
  type: "object",
  additionalProperties: false,
  required: [
    "mean",
    "median",
    "standardDeviation",
    "minimum",
    "maximum",
    "percentile005",
    "percentile995",
  ],
  properties: {
    mean: number,
    median: number,
    standardDeviation: { type: "number", minimum: 0 },
    minimum: number,
    maximum: number,
    percentile005: number,
    percentile995: number,
  },
};

const normalization: JsonSchema = {
  type: "array",
  minItems: 1,
  description:
    "How each channel is normalised: zscore (insideMask: with the voxels inside the nonzero mask alone), ct (with the foreground intensities in properties), none, rescale-to-0-1 or rgb-to-0-1",
  items: {
    type: "object",
    additionalProperties: false,
    required: ["scheme"],
    properties: {
      scheme: { enum: NORMALIZATION_SCHEMES },
      insideMask: { type: "boolean" },
      properties,
    },
    if: { properties: { scheme: { const: "ct" } } },
    then: { required: ["properties"] },
  },
};

/** JSON Schema of a `Plan`; the descriptions are shown in `plan.md`. */
export const planSchema = {
  type: "object",
  additionalProperties: false,
  required: [
    "dataset",
    "preset",
    "channelNames",
    "transpose",
    "spacing",
    "order",
    "normalization",
    "medianShape",
    "patchSize",
    "batchSize",
    "batchDice",
    "memory",
  ],
  properties: {
    format: { const: 1, description: "Version of this file" },
    dataset: { type: "string", description: "Name of the data set" },
    preset: { enum: ["auto", "paper"], description: "What the plan was made by" },
    channelNames: { ...names, description: "What each channel is" },
    transpose,
    spacing,
    order: {
      enum: ["resample-first", "normalize-first"],
      description: "resample-first is nnU-Net v1 (the paper), normalize-first is nnU-Net v2",
    },
    normalization,
    medianShape: triple(
      { type: "number", exclusiveMinimum: 0 },
      "Median shape of the preprocessed arrays; for information",
    ),
    patchSize,
    batchSize: { type: "integer", minimum: 1, description: "Patches in a training step" },
    batchDice: {
      type: "boolean",
      description: "Whether Dice is taken over the whole batch instead of each patch",
    },
    memory: {
      type: "object",
      additionalProperties: false,
      required: ["budgetBytes", "estimatedBytes"],
      description:
        "The bytes that there were for a training step, and those that it was estimated to take; for information",
      properties: { budgetBytes: bytes, estimatedBytes: bytes },
    },
  },
} as const satisfies JsonSchema;
