import type { JsonSchema } from "../../stage.ts";

/** The optimiser by name; which settings may stand with which name is for {@linkcode checkOptimizerParams} to say. */
export interface OptimizerParams {
  name: "adamw" | "sgd";
  learningRate?: number;
  weightDecay: number;
  epsilon?: number;
  momentum?: number;
  nesterov?: boolean;
}

/** JSON Schema of {@linkcode OptimizerParams}. */
export const optimizerParams: JsonSchema = {
  type: "object",
  additionalProperties: false,
  default: {},
  description: "The optimiser; its learning rate decays as a polynomial",
  properties: {
    name: {
      enum: ["adamw", "sgd"],
      default: "adamw",
      description: "AdamW as the paper, or SGD with momentum as nnU-Net",
    },
    learningRate: {
      type: "number",
      exclusiveMinimum: 0,
      description: "That the decay starts from; 1e-3 for adamw, 1e-2 for sgd if left out",
    },
    weightDecay: {
      type: "number",
      minimum: 0,
      default: 3e-5,
      description: "Decoupled from the gradients with adamw, part of them with sgd",
    },
    epsilon: {
      type: "number",
      exclusiveMinimum: 0,
      description: "Of adamw; the paper's 1e-4 if left out",
    },
    momentum: {
      type: "number",
      minimum: 0,
      exclusiveMaximum: 1,
      description: "Of sgd; nnU-Net's 0.99 if left out",
    },
    nesterov: { type: "boolean", description: "Of sgd; true if left out" },
  },
};

/**
 * Checks that every setting is one of the optimiser.
 *
 * @throws {RangeError} If one is of the other.
 */
export function checkOptimizerParams(optimizer: OptimizerParams): void {
  const foreign = optimizer.name === "adamw"
    ? ["momentum", "nesterov"] as const
    : ["epsilon"] as const;
  for (const name of foreign) {
    if (optimizer[name] === undefined) continue;
    const other = optimizer.name === "adamw" ? "sgd" : "adamw";
    throw new RangeError(
      `Cannot train with the optimizer ${optimizer.name}: '${name}' is a setting of ${other}`,
    );
  }
}
