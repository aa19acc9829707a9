import type { JsonSchema } from "../../stage.ts";

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
export const modelParams: JsonSchema = {
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
