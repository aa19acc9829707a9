import type { JsonSchema } from "../../stage.ts";

const share: JsonSchema = { type: "number", minimum: 0, maximum: 1 };
const transform = (range: string, channelProbability = false): JsonSchema => ({
  type: "object",
  additionalProperties: false,
  properties: {
    probability: { ...share, description: "Share of the patches that are changed" },
    ...channelProbability && {
      channelProbability: { ...share, description: "Share of the channels of a patch" },
    },
    range: {
      type: "array",
      items: { type: "number" },
      minItems: 2,
      maxItems: 2,
      description: `From and to: ${range}`,
    },
  },
});

/** Changes to single transforms of the augmentation. */
export const transformParams: JsonSchema = {
  type: "object",
  additionalProperties: false,
  default: {},
  description: "Changes to single transforms, such as { noise: { probability: 0 } }",
  properties: {
    rotation: transform("degrees about each axis"),
    scaling: transform("factor; above 1 objects become smaller"),
    noise: transform("standard deviation"),
    blur: transform("standard deviation in voxels", true),
    brightness: transform("factor on the intensities"),
    contrast: transform("factor on the distance from the mean"),
    lowResolution: transform("share of voxels that is kept along an axis", true),
    invertedGamma: transform("exponent"),
    gamma: transform("exponent"),
  },
};
