/**
 * The memory of a network at work, without making it.
 * @module
 */
import { checkInput } from "./check_input.ts";
import type { MedNeXtConfig } from "./config.ts";
import { inferencePeak } from "./memory/inference_peak.ts";
import { sum } from "./memory/peak.ts";
import { trainingPeak } from "./memory/training_peak.ts";
import { weightBytes } from "./memory/weight_bytes.ts";
import { resolveConfig } from "./resolve_config.ts";
import { unitsOf } from "./units/unit.ts";

/** What a network works on. */
export interface EstimateMemoryOptions {
  /** Voxels along D, H, W; in 2-D along H, W. */
  patchSize: readonly number[];
  /**
   * Patches that go through the network at a time.
   * @default {1}
   */
  batchSize?: number;
  /**
   * A training step as that of `@mednext/segment`, instead of a prediction.
   * @default {false}
   */
  training?: boolean;
}

/** Bytes at the moment at which there are most. */
export interface MemoryEstimate {
  /** The sum of all below. */
  totalBytes: number;
  /** Weights. */
  weightBytes: number;
  /** The two moments of AdamW; 0 without training. */
  momentBytes: number;
  /** Gradients of weights that there are by then. */
  gradientBytes: number;
  /** The batch, skip connections, and what is kept for the backward pass. */
  activationBytes: number;
  /** What exists only during the operation that is under way. */
  transientBytes: number;
}

/**
 * Estimates the most bytes that the wasm backend of `@mednext/kernels` holds in a prediction or in a training step.
 *
 * The formula follows one batch through the units, with 4 bytes for each value. With V voxels and C channels at a
 * level, a block makes the depthwise convolution's output (V·C) and its own output (V·C); the expanded activations
 * never exist unless there is global response normalisation, which adds V·C·(1 + 3 · ratio).
 *
 * - Prediction: weights, the batch twice, the skip connections that are open, and the unit that is at work.
 * - Training: weights, two moments, and the largest of four moments: the end of the forward pass (both tensors of every
 *   block; with `rematerialize` only the output), the gradient of the loss, the backward pass of some unit (what is
 *   left of the former, gradients on the way, the unit's own gradients; with `rematerialize` also its forward pass),
 *   and the optimiser (gradients and their squares).
 *
 * Measured peaks of networks with 8 to 32 base channels, patches of 32³ to 128³ and two threads are never above it
 * and at most a tenth below; each further thread has up to half a MiB of its own. Peaks are those of `memory()`, not
 * what the process holds: gaps between tensors and JavaScript's own memory come on top.
 *
 * @example The paper's training does not fit into 4 GiB, that of one patch of 64³ voxels does
 * ```ts
 * import { estimateMemory } from "@mednext/mednext";
 * import { assert } from "@std/assert";
 *
 * const network = { inputChannels: 1, classes: 3, deepSupervision: true };
 * const bytes = (side: number, batchSize: number) =>
 *   estimateMemory(network, { patchSize: [side, side, side], batchSize, training: true }).totalBytes;
 * assert(bytes(128, 2) > 8 * 2 ** 30);
 * assert(bytes(64, 1) < 2 ** 30);
 * ```
 * @param config The settings of the network.
 * @param options What it works on.
 * @returns Bytes by purpose.
 * @throws {RangeError} As `resolveConfig` and `checkInput`, or if the batch size is not a positive integer.
 */
export function estimateMemory(
  config: MedNeXtConfig,
  options: EstimateMemoryOptions,
): MemoryEstimate {
  const { patchSize, batchSize = 1, training = false } = options;
  const resolved = resolveConfig(config);
  checkInput([batchSize, ...patchSize, resolved.inputChannels], resolved);
  if (!Number.isSafeInteger(batchSize) || batchSize < 1) {
    throw new RangeError(
      `Cannot estimate memory as 'batchSize' must be a positive integer: current value is ${batchSize}`,
    );
  }
  const weights = sum(unitsOf(resolved).map(weightBytes));
  const moments = training ? 2 * weights : 0;
  const peak = (training ? trainingPeak : inferencePeak)(resolved, { patchSize, batchSize });
  const { activations, gradients, transient } = peak;
  return {
    totalBytes: weights + moments + activations + gradients + transient,
    weightBytes: weights,
    momentBytes: moments,
    gradientBytes: gradients,
    activationBytes: activations,
    transientBytes: transient,
  };
}
