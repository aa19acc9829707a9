import type { JsonSchema } from "../../stage.ts";

/** Schema of the parameter `bootstrap` of stages that give intervals. */
export const bootstrapParam: JsonSchema = {
  type: "object",
  additionalProperties: false,
  description: "How intervals are made: cases are drawn with replacement, means are made anew",
  default: {},
  properties: {
    resamples: {
      type: "integer",
      minimum: 100,
      maximum: 1_000_000,
      default: 10_000,
      description: "How many times to draw",
    },
    confidence: {
      type: "number",
      exclusiveMinimum: 0,
      exclusiveMaximum: 1,
      default: 0.95,
      description: "The share of the draws that the interval spans",
    },
  },
};
