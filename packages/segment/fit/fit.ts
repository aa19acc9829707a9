import type { Batch } from "./batch.ts";
import type { FitState } from "./create_fit_state.ts";
import { trainStep, type TrainStepReport } from "./train_step.ts";

/** What {@linkcode fit} does, for how long and whom it tells. */
export interface FitRunOptions {
  /**
   * The batch of a number, counted from 0: that of the step, or, with `accumulate`, the first, second, … of the
   * batches of all steps. A pure function of the number makes a training repeatable.
   */
  batches: (step: number) => Batch | Promise<Batch>;
  /**
   * The most steps that this call takes; it never goes past the state's `totalSteps`.
   * @default {Infinity}
   */
  steps?: number;
  /**
   * The length of the whole training in minutes: it stops after the first step that ends later. The learning rate
   * then falls with the larger share, of the steps or of the time, so that it is near zero at the end in any case.
   * How many steps there are, and their learning rates, then depend on the machine.
   * @default {Infinity}
   */
  maxMinutes?: number;
  /**
   * How many of these minutes were used before the call.
   * @default {0}
   */
  minutesUsed?: number;
  /**
   * The clock, in milliseconds.
   * @default {performance.now}
   */
  now?: () => number;
  /** Is told of each step after it. */
  onStep?: (report: FitStepReport) => void | Promise<void>;
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

/** What one step of {@linkcode fit} tells about itself. */
export interface FitStepReport extends TrainStepReport {
  /** How long the step waited for its batch. */
  waitedMilliseconds: number;
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
 * @throws {RangeError} If `maxMinutes` is not above zero.
 * @throws The signal's reason when it aborts, and what `trainStep` and the callbacks throw.
 */
export async function fit(state: FitState, options: FitRunOptions): Promise<FitResult> {
  const { steps = Infinity, maxMinutes = Infinity, checkpointEvery = Infinity, signal } = options;
  const { now = () => performance.now() } = options;
  if (!(maxMinutes > 0)) {
    throw new RangeError(
      `Cannot train as maxMinutes must be above zero: current value is ${maxMinutes}`,
    );
  }
  const { totalSteps } = state.options;
  const last = Math.min(totalSteps, state.step + steps);
  const start = now() - (options.minutesUsed ?? 0) * 60_000;
  const timeShare = () => (now() - start) / 60_000 / maxMinutes;
  while (state.step < last) {
    signal?.throwIfAborted();
    const asked = now();
    const batches = await batchesOf(state, options.batches);
    const waitedMilliseconds = now() - asked;
    const position = Math.max(state.step, timeShare() * totalSteps);
    const report = await trainStep(state, batches, { position });
    await options.onStep?.({ ...report, waitedMilliseconds });
    if (state.step % checkpointEvery === 0) await options.onCheckpoint?.(state);
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (timeShare() >= 1 && state.step < last) return { step: state.step, reason: "time" };
  }
  const reason = state.step >= totalSteps ? "finished" : "steps";
  return { step: state.step, reason };
}

/** The batches of the next step. */
async function batchesOf(
  { step, options: { accumulate } }: FitState,
  batches: FitRunOptions["batches"],
): Promise<Batch[]> {
  const made: Batch[] = [];
  for (let i = 0; i < accumulate; i++) made.push(await batches(step * accumulate + i));
  return made;
}
