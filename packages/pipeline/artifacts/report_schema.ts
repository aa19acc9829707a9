import type { JsonSchema } from "../stage.ts";

const count = { type: "integer", minimum: 0 };
const counts = ["truePositives", "falsePositives", "falseNegatives", "trueNegatives"];
const volume = { type: "number", minimum: 0 };

const metric = {
  type: "object",
  required: ["metric", "convention", "value"],
  properties: {
    metric: { type: "string" },
    convention: { type: "string" },
    tolerance: { type: "number" },
    percentile: { type: "number" },
    value: { type: ["number", "null"] },
    notFinite: { enum: ["NaN", "Infinity", "-Infinity"] },
  },
};

const label = {
  type: "object",
  required: ["name", "values", "metrics", "referenceMl", "predictionMl", ...counts],
  properties: {
    name: { type: "string" },
    values: { type: "array", minItems: 1, items: { type: "integer" } },
    metrics: { type: "array", minItems: 1, items: metric },
    referenceMl: volume,
    predictionMl: volume,
    ...Object.fromEntries(counts.map((name) => [name, count])),
  },
};

/** JSON Schema of what other stages read in a report. */
export const REPORT_SCHEMA: JsonSchema = {
  type: "object",
  required: ["cases"],
  properties: {
    cases: {
      type: "array",
      minItems: 1,
      items: {
        type: "object",
        required: ["id", "labels"],
        properties: {
          id: { type: "string" },
          labels: { type: "array", minItems: 1, items: label },
        },
      },
    },
  },
};
