import type { Batch } from "./batch.ts";
import type { FitState } from "./create_fit_state.ts";
import { trainStep, type TrainStepReport } from "./train_step.ts";

/** What {@linkcode fit} does, for how long and whom it tells. */
export interface FitRunOptions {
  /** The batch of a step, counted from 0. A pure function of the step makes a training repeatable. */
  batches: (step: number) => Batch | Promise<Batch>;
  /**
   * The most steps that this call takes; it never goes past the state's `totalSteps`.
   * @default {Infinity}
   */
  steps?: number;
  /**
   * Stops after the first step that ends later than this many minutes after the call.
   * @default {Infinity}
   */
  maxMinutes?: number;
  /** Is told of each step after it. */
  onStep?: (report: TrainStepReport) => void | Promise<void>;
  /** Is called whenever the number of steps done is a multiple of `checkpointEvery`. */
  onCheckpoint?: (state: FitState) => void | Promise<void>;
  /**
   * How many steps lie between two checkpoints.
   * @default {Infinity}
   */
  checkpointEvery?: number;
  /** Stops between two steps. */
  signal?: AbortSignal;
}

/** How a call of {@linkcode fit} ended. */
export interface FitResult {
  /** The number of steps done, of this call and all before. */
  step: number;
  /** Why it stopped: `totalSteps` reached, `steps` of this call taken, or time over. */
  reason: "finished" | "steps" | "time";
}

/**
 * Trains step after step, with a turn for the event loop after each.
 *
 * The state is whole between any two steps: after an error or an abort it can be exported or trained on.
 *
 * @example Twenty steps of logistic regression
 * ```ts
 * import { tf } from "@mednext/kernels";
 * import { createFitState, fit } from "@mednext/segment";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const model = tf.sequential({
 *   layers: [tf.layers.conv3d({ filters: 2, kernelSize: 1, inputShape: [2, 2, 2, 1] })],
 * });
 * const state = createFitState(model, { totalSteps: 20, learningRate: 0.1 });
 * const batch = {
 *   images: Float32Array.of(-4, -3, -2, -1, 1, 2, 3, 4),
 *   labels: Uint8Array.of(0, 0, 0, 0, 1, 1, 1, 1),
 *   shape: [1, 2, 2, 2] as const,
 * };
 * const losses: number[] = [];
 * const result = await fit(state, {
 *   batches: () => batch,
 *   onStep: ({ loss }) => void losses.push(loss),
 * });
 * assertEquals(result, { step: 20, reason: "finished" });
 * assert(losses[19] < losses[0]);
 * ```
 *
 * @param state The training, changed in place.
 * @param options The batches, when to stop and whom to tell.
 * @returns How far it came and why it stopped.
 * @throws The signal's reason when it aborts, and what `trainStep` and the callbacks throw.
 */
export async function fit(state: FitState, options: FitRunOptions): Promise<FitResult> {
  const { steps = Infinity, maxMinutes = Infinity, checkpointEvery = Infinity, signal } = options;
  const end = performance.now() + maxMinutes * 60_000;
  const last = Math.min(state.options.totalSteps, state.step + steps);
  while (state.step < last) {
    signal?.throwIfAborted();
    const report = await trainStep(state, await options.batches(state.step));
    await options.onStep?.(report);
    if (state.step % checkpointEvery === 0) await options.onCheckpoint?.(state);
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (performance.now() >= end && state.step < last) return { step: state.step, reason: "time" };
  }
  const reason = state.step >= state.options.totalSteps ? "finished" : "steps";
  return { step: state.step, reason };
}
