import { tf } from "@mednext/kernels";
import type { Network } from "./network.ts";

/** The logits of the first head for one patch `[1, D, H, W, channels]`; the caller disposes of them. */
export function runNetwork(network: Network, patch: tf.Tensor5D): tf.Tensor5D {
  const logits = tf.tidy(() => {
    // `predict` frees each activation once it was used last; `apply` would keep them all.
    const heads = typeof network === "function"
      ? network(patch)
      : network.predict(patch, { batchSize: 1 });
    return Array.isArray(heads) ? heads[0] : heads;
  });
  const expected = patch.shape.slice(0, 4).join(", ");
  if (logits.rank !== 5 || logits.shape.slice(0, 4).join(", ") !== expected) {
    const found = logits.shape.join(", ");
    logits.dispose();
    throw new RangeError(
      `Cannot predict a patch as the network must give [${expected}, classes]: it gave [${found}]`,
    );
  }
  return logits as tf.Tensor5D;
}
