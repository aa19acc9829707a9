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

/** The labels of a data set. */
export const labels: JsonSchema = {
  type: "array",
  minItems: 1,
  items: {
    type: "object",
    required: ["name", "value"],
    properties: { name: { type: "string" }, value: { type: "integer", minimum: 0 } },
  },
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
    order: { enum: ["resample-first", "normalize-first"] },
    labels: { type: "array", items: { type: "integer", minimum: 0 } },
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
