/**
 * What the manifests of the artifacts share, as JSON Schema.
 * @module
 */
import type { NormalizationScheme } from "@mednext/data";
import type { JsonSchema } from "../stage.ts";

/** The ways to normalise a channel. */
export const NORMALIZATION_SCHEMES: readonly NormalizationScheme[] = [
  "zscore",
  "ct",
  "none",
  "rescale-to-0-1",
  "rgb-to-0-1",
];

/** Names, such as those of the channels. */
export const names: JsonSchema = { type: "array", minItems: 1, items: { type: "string" } };

/** Ids of cases; whether each can name a file is for `checkCaseIds` to say. */
export const caseIds: JsonSchema = {
  type: "array",
  uniqueItems: true,
  items: { type: "string" },
};

/** A value of a label map. */
const labelValue: JsonSchema = { type: "integer", minimum: 0, maximum: 65535 };

/** The labels of a data set. */
export const labels: JsonSchema = {
  type: "array",
  minItems: 1,
  items: {
    type: "object",
    required: ["name", "value"],
    properties: { name: { type: "string" }, value: labelValue },
  },
};

/** The fields of a `LabelDescription`; how they fit each other is for `checkLabels` to say. */
export const labelFields: Record<string, JsonSchema> = {
  labels,
  ignoreLabel: labelValue,
  regions: {
    type: "array",
    minItems: 1,
    items: {
      type: "object",
      required: ["name", "values"],
      properties: {
        name: { type: "string" },
        values: { type: "array", minItems: 1, uniqueItems: true, items: labelValue },
      },
    },
  },
  regionsClassOrder: { type: "array", minItems: 1, items: labelValue },
};

/** A `PreprocessingPlan`. */
export const plan: JsonSchema = {
  type: "object",
  required: ["normalization"],
  properties: {
    spacing: {
      type: "array",
      items: { type: "number", exclusiveMinimum: 0 },
      minItems: 3,
      maxItems: 3,
    },
    transpose: {
      type: "array",
      items: { enum: [0, 1, 2] },
      uniqueItems: true,
      minItems: 3,
      maxItems: 3,
    },
    order: { enum: ["resample-first", "normalize-first"] },
    labels: { type: "array", items: labelValue },
    ignoreLabel: labelValue,
    regions: { type: "array", items: { type: "array", items: labelValue } },
    seed: { type: "integer", minimum: 0 },
    normalization: {
      type: "array",
      minItems: 1,
      items: {
        type: "object",
        required: ["scheme"],
        properties: {
          scheme: { enum: NORMALIZATION_SCHEMES },
          insideMask: { type: "boolean" },
          properties: { type: "object", additionalProperties: { type: "number" } },
        },
      },
    },
  },
};
