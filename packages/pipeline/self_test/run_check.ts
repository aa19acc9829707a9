import type { Triple } from "@mednext/data";
import { createTrial } from "./trial.ts";

/** The smallest volume that the network takes, in voxels along D, H and W. */
export const CHECKED_SHAPE: Triple = [16, 16, 32];

/** One of so many logits is compared: a prime, so that they come from everywhere. */
const EVERY = 251;

/** What a backend computed: the same on each but for rounding. */
export interface CheckedValues {
  /** Some logits of the new network. */
  logits: number[];
  /** The loss before the training step. */
  loss: number[];
  /** The norm of its gradients. */
  gradientNorm: number[];
  /** The same logits after it. */
  trainedLogits: number[];
}

/** How long passes take, and what they need. */
export interface PassTimes {
  /** Voxels along D, H and W. */
  shape: Triple;
  /** Milliseconds of a forward pass. */
  forward: number;
  /** Milliseconds of a training step. */
  step: number;
  /** The most bytes in use in the training step, where the backend counts them. */
  peakBytes?: number;
}

/**
 * Runs the network on the selected backend, trains it by one step and runs it again.
 *
 * @param tell Hears the values as they come.
 * @returns How long it took.
 */
export async function runCheck(
  tell: (values: Partial<CheckedValues>) => void,
): Promise<PassTimes> {
  using trial = createTrial(CHECKED_SHAPE);
  const before = trial.forward();
  tell({ logits: some(before.logits) });
  const { loss, gradientNorm, milliseconds, peakBytes } = await trial.step();
  tell({ loss: [loss], gradientNorm: [gradientNorm] });
  const after = trial.forward();
  tell({ trainedLogits: some(after.logits) });
  const forward = Math.min(before.milliseconds, after.milliseconds);
  return { shape: CHECKED_SHAPE, forward, step: milliseconds, peakBytes };
}

function some(logits: Float32Array): number[] {
  return [...logits.filter((_, i) => i % EVERY === 0)];
}
