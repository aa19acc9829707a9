/**
 * The most that a prediction holds at once.
 * @module
 */
import type { ResolvedMedNeXtConfig } from "../config.ts";
import { larger, type Peak, sum } from "./peak.ts";
import { imageBytes, type Patches, walk } from "./walk.ts";

/** `model.predict` of one batch: an activation goes when it was used last. */
export function inferencePeak(config: ResolvedMedNeXtConfig, patches: Patches): Peak {
  const { steps, logits } = walk(config, patches);
  // The batch of the caller, and what `predict` cuts out of it.
  const images = 2 * imageBytes(config, patches);
  const skips: number[] = [];
  let features = 0;
  let peak: Peak = { activations: 0, gradients: 0, transient: 0 };
  const note = (input: number, transient: number) => {
    const activations = images + features + sum(skips) + input;
    peak = larger(peak, { activations, gradients: 0, transient });
  };
  for (const { unit, level, input, output, inference, beginsSkip, endsLevel } of steps) {
    // The stem's input is the batch, a down block's the skip connection.
    note(unit.kind === "down" || unit.kind === "stem" ? 0 : input, inference);
    if (beginsSkip) skips[level] = output;
    if (unit.kind === "up") {
      note(output, output); // the sum with the skip connection
      skips.length = level - 1;
    }
    // The heads come last.
    if (endsLevel && (level === 0 || config.deepSupervision)) features += output;
  }
  note(0, sum(logits));
  return peak;
}
