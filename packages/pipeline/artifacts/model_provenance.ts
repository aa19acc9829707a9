import { tf } from "@mednext/kernels";
import configuration from "../deno.json" with { type: "json" };
import type { StageContext } from "../stage.ts";
import type { ModelProvenance } from "./model_description.ts";

/**
 * What a model is made from. Neither time nor machine is in it: the same training gives the same bytes.
 */
export function modelProvenance(
  { seed, digests, compute }: Pick<StageContext, "seed" | "compute"> & {
    digests: ModelProvenance["inputs"];
  },
): ModelProvenance {
  return {
    software: { "@mednext/pipeline": configuration.version, "@tensorflow/tfjs": tf.version_core },
    seed,
    inputs: digests,
    ...(compute.precision === "mixed" && { precision: "mixed" }),
  };
}
