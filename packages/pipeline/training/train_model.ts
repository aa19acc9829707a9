/**
 * A whole training: epochs of steps, each followed by a look at held-back cases.
 * @module
 */
import type { MedNeXt } from "@mednext/mednext";
import {
  createFitState,
  fit,
  type FitState,
  type FitStepReport,
  validate,
  type ValidationReport,
} from "@mednext/segment";
import type { StageContext } from "../stage.ts";
import { type TrainParams, validationStepsOf } from "../stages/params/train_params.ts";
import type { Batches } from "./batches.ts";
import { forgetOtherWeights, writeBestWeights } from "./best_weights.ts";
import { fitOptions } from "./fit_options.ts";
import { restoreCheckpoint, writeCheckpoint } from "./training_checkpoint.ts";
import { addStep, endEpoch, newHistory, type TrainingHistory } from "./training_history.ts";
import type { TrainingTarget } from "./training_target.ts";
import { writeTrainingLog } from "./training_log.ts";

/** What a training needs of its stage. */
export type TrainingContext =
  & Pick<StageContext, "scratch" | "signal" | "progress" | "log">
  & {
    params: TrainParams;
    /** The clock, in milliseconds. @default {performance.now} */
    now?: () => number;
  };

/** What is trained on and looked at. */
export interface TrainingData {
  /** Batches of the training cases, by the number of the batch. */
  training: Batches;
  /** Batches of the held-back cases; not there if they are not looked at. */
  validation?: Batches;
  /** What is to be found. */
  target: TrainingTarget;
}

/** A training under way. */
interface Run extends TrainingContext {
  model: MedNeXt;
  data: TrainingData;
  state: FitState;
  history: TrainingHistory;
  now: () => number;
  /** Seconds of training so far, those of earlier runs included. */
  clock: () => number;
  /** When the curves were last drawn, by the clock; before that, when the run began. */
  drawnAt: number;
  /** Whether they were. */
  isDrawn: boolean;
}

/** Seconds between two pictures of a training that is under way. */
const DRAW_EVERY = 30;

/**
 * Trains a model to the end, from the checkpoint of an earlier run if there is one.
 *
 * In the scratch folder lie the checkpoint, the best weights, and, while it runs, its curves. Without `maxMinutes`
 * the weights and the history, but for its times, depend on nothing but the data and the parameters.
 *
 * @param model Has the first weights; changed.
 * @param data Where the batches come from.
 * @param context Parameters, folder, signal, and whom to tell.
 * @returns What it told about itself.
 * @throws The signal's reason when it aborts, after a checkpoint.
 */
export async function trainModel(
  model: MedNeXt,
  data: TrainingData,
  context: TrainingContext,
): Promise<TrainingHistory> {
  const { scratch, log, signal, now = () => performance.now() } = context;
  const state = createFitState(model, fitOptions(context.params, data.target.loss));
  try {
    const restored = await restoreCheckpoint(scratch, { state, log });
    if (restored) log(`going on at step ${state.step} of ${state.options.totalSteps}`);
    const history = restored ?? newHistory();
    const start = now() - history.seconds * 1000;
    const clock = () => (now() - start) / 1000;
    const run: Run = {
      ...context,
      model,
      data,
      state,
      history,
      now,
      clock,
      drawnAt: clock(),
      isDrawn: false,
    };
    try {
      while (!isOver(run)) {
        await trainEpoch(run);
        await closeEpoch(run);
      }
    } catch (error) {
      if (signal.aborted) await checkpoint(run);
      throw error;
    }
    return history;
  } finally {
    state.dispose();
  }
}

function isTimeOver({ params: { maxMinutes = Infinity }, clock }: Run): boolean {
  return clock() >= maxMinutes * 60;
}

/** An epoch that was begun is always ended, with a look at the held-back cases. */
function isOver(run: Run): boolean {
  const { state, history } = run;
  if (history.current.losses.length > 0 || history.epochs.length === 0) return false;
  return state.step >= state.options.totalSteps || isTimeOver(run);
}

/** Takes the steps of the epoch under way that are left, or as many as there is time for. */
async function trainEpoch(run: Run): Promise<void> {
  const { state, history, params, data, now, clock, signal } = run;
  const { losses } = history.current;
  const steps = params.stepsPerEpoch - losses.length;
  if (steps === 0 || losses.length > 0 && isTimeOver(run)) return;
  await fit(state, {
    batches: data.training,
    steps,
    maxMinutes: params.maxMinutes,
    minutesUsed: clock() / 60,
    now,
    onStep: (report) => {
      addStep(history, report);
      tell(run, report);
    },
    signal,
  });
}

function tell({ state, history, params, clock, progress }: Run, report: FitStepReport): void {
  const last = history.epochs.at(-1);
  const parts = [
    `epoch ${history.epochs.length}`,
    `loss ${(last?.loss ?? report.loss).toFixed(3)}`,
    ...typeof last?.pseudoDice === "number" ? [`pseudo Dice ${last.pseudoDice.toFixed(3)}`] : [],
    `${Math.round(report.milliseconds)} ms a step`,
  ];
  const message = parts.join(", ");
  const { step, options: { totalSteps } } = state;
  if (params.maxMinutes === undefined) {
    progress({ done: step, total: totalSteps, unit: "steps", message });
    return;
  }
  const seconds = params.maxMinutes * 60;
  const share = Math.min(1, Math.max(clock() / seconds, step / totalSteps));
  const total = Math.ceil(seconds);
  progress({ done: Math.round(share * total), total, unit: "seconds", message });
}

/** Looks at the held-back cases, and keeps what the epoch has given. */
async function closeEpoch(run: Run): Promise<void> {
  const { model, data, state, history, params, clock, scratch } = run;
  const validation = await look(run);
  const options = { steps: state.step, seconds: clock(), names: data.target.names, validation };
  const isBest = endEpoch(history, options);
  if (isBest) await writeBestWeights(scratch, { model, epoch: history.best! });
  if (isBest || history.epochs.length % params.checkpointEvery === 0) await checkpoint(run);
  if (isBest) await forgetOtherWeights(scratch, history.best!);
  await draw(run);
}

async function look(
  { model, data, state, history, params, signal }: Run,
): Promise<ValidationReport | undefined> {
  const { validation } = data;
  if (validation === undefined) return undefined;
  const steps = validationStepsOf(params);
  const first = history.epochs.length * steps;
  const batches = (step: number) => validation(first + step);
  return await validate(model, { batches, steps, loss: state.options.loss, signal });
}

async function checkpoint({ state, history, clock, scratch }: Run): Promise<void> {
  history.seconds = clock();
  await writeCheckpoint(scratch, { state, history });
}

/** Draws the curves now and then, for whoever wants to see how it goes. */
async function draw(run: Run): Promise<void> {
  const { history: { epochs }, clock, scratch, log } = run;
  if (clock() - run.drawnAt < DRAW_EVERY) return;
  if (!run.isDrawn) log(`its curves are in ${scratch} while it runs`);
  await writeTrainingLog(scratch, { epochs, timing: true });
  Object.assign(run, { drawnAt: clock(), isDrawn: true });
}
