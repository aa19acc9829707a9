import { tf } from "@mednext/kernels";
import { activateScores } from "./activate_scores.ts";
import type { Network } from "./network.ts";
import type { PredictSlabsOptions } from "./predict_slabs.ts";
import { runNetwork } from "./run_network.ts";

/** The scores of one patch, copied out of the tensors, which are disposed of. */
export async function predictPatch(
  network: Network,
  input: Float32Array,
  { patchSize, channels = 1, aggregate = "logits" }: PredictSlabsOptions,
): Promise<{ values: Float32Array; classes: number }> {
  const patch: tf.Tensor5D = tf.tensor5d(input, [1, ...patchSize, channels]);
  let logits: tf.Tensor5D | undefined;
  try {
    logits = runNetwork(network, patch);
    const classes = logits.shape[4];
    const values = (await logits.data()).slice() as Float32Array;
    if (!allFinite(values)) {
      throw new Error("Cannot predict a patch as the network gave values that are not finite");
    }
    if (aggregate !== "logits") activateScores(values, { classes, activation: aggregate });
    return { values, classes };
  } finally {
    tf.dispose([patch, ...(logits === undefined ? [] : [logits])]);
  }
}

function allFinite(values: Float32Array): boolean {
  let sum = 0;
  // Zero for every number, and not a number for infinities and NaN, which a sum never loses again.
  for (let i = 0; i < values.length; i++) sum += values[i] - values[i];
  return sum === 0;
}
