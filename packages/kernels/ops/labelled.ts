import type { LabelAttrs } from "../kernel_types.ts";
import type { tf } from "../tf.ts";
import { checkRank, show } from "./check.ts";

/** Checks that there is one label for each voxel of the logits. */
export function checkLabelled(op: string, logits: tf.Tensor, labels: tf.Tensor): void {
  const grid = checkRank(op, "logits", logits, ["N", "D", "H", "W", "K"]).slice(0, 4);
  if (show(labels.shape) === show(grid)) return;
  throw new RangeError(
    `Cannot compute ${op}: expected labels of shape ${show(grid)} as logits is ${
      show(logits.shape)
    }, found ${show(labels.shape)}`,
  );
}

/** The label that is ignored, as the attribute of a kernel. */
export function ignoredAttr(op: string, { ignored }: LabelAttrs): LabelAttrs {
  if (ignored === undefined) return {};
  if (Number.isInteger(ignored) && Math.abs(ignored) < 2 ** 31) return { ignored };
  throw new RangeError(
    `Cannot compute ${op}: expected the ignored label to be a whole number of 32 bits, found ${ignored}`,
  );
}
