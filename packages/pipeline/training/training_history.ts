/**
 * What a training tells about itself.
 * @module
 */
import {
  exponentialMovingAverage,
  type FitStepReport,
  type ValidationReport,
} from "@mednext/segment";

/** One epoch. */
export interface EpochRecord {
  /** Its number, from 0. */
  epoch: number;
  /** The steps done by its end. */
  steps: number;
  /** Mean loss of its steps. */
  loss: number;
  /** Learning rate of its first step. */
  learningRate: number;
  /** Mean loss of the validation batches. */
  validationLoss?: number;
  /** Dice of the pooled voxels of the validation batches, mean over the foreground; null where there is none. */
  pseudoDice?: number | null;
  /** The same of each class or region; null where it is neither there nor predicted. */
  pseudoDiceOf?: Record<string, number | null>;
  /** The moving average of `pseudoDice`, 0.9 of the one before and 0.1 of the new value. */
  pseudoDiceAverage?: number | null;
  /** How long it took, with its validation. */
  seconds: number;
  /** The share of this time that was spent waiting for batches. */
  waited: number;
}

/** All that a training has told so far; plain JSON, kept in its checkpoint. */
export interface TrainingHistory {
  /** The whole epochs. */
  epochs: EpochRecord[];
  /** Seconds of training by the time of the checkpoint, those of earlier runs included. */
  seconds: number;
  /** The steps of the epoch under way. */
  current: {
    losses: number[];
    learningRate?: number;
    /** Seconds spent waiting for batches. */
    waited: number;
  };
  /** The epoch whose weights are the best so far, by the moving average of the pseudo Dice. */
  best?: number;
}

/** The history of a training that has not begun. */
export function newHistory(): TrainingHistory {
  return { epochs: [], seconds: 0, current: { losses: [], waited: 0 } };
}

/** Adds a step to the epoch under way. */
export function addStep({ current }: TrainingHistory, report: FitStepReport): void {
  current.losses.push(report.loss);
  current.learningRate ??= report.learningRate;
  current.waited += report.waitedMilliseconds / 1000;
}

/**
 * Ends the epoch under way, and says whether its weights are the best so far.
 *
 * @param history Changed.
 * @param options Steps done, seconds of training, names of what the pseudo Dice is of, and the validation if there was one.
 */
export function endEpoch(
  history: TrainingHistory,
  { steps, seconds, names, validation }: {
    steps: number;
    seconds: number;
    names: readonly string[];
    validation?: ValidationReport;
  },
): boolean {
  const { epochs, current: { losses, learningRate = 0, waited } } = history;
  const taken = seconds - epochs.reduce((sum, one) => sum + one.seconds, 0);
  const before = epochs.at(-1)?.pseudoDiceAverage;
  const record: EpochRecord = {
    epoch: epochs.length,
    steps,
    loss: losses.reduce((sum, value) => sum + value, 0) / losses.length,
    learningRate,
    ...validation && describeValidation(validation, { names, before }),
    seconds: taken,
    waited: taken > 0 ? waited / taken : 0,
  };
  epochs.push(record);
  history.current = { losses: [], waited: 0 };
  const best = history.best === undefined ? null : epochs[history.best].pseudoDiceAverage;
  const average = record.pseudoDiceAverage ?? null;
  if (average === null || average <= (best ?? -Infinity)) return false;
  history.best = record.epoch;
  return true;
}

function describeValidation(
  { loss, pseudoDice, perClass }: ValidationReport,
  { names, before }: { names: readonly string[]; before: number | null | undefined },
): Partial<EpochRecord> {
  const average = exponentialMovingAverage(before ?? undefined, pseudoDice);
  return {
    validationLoss: loss,
    pseudoDice: numberOrNull(pseudoDice),
    pseudoDiceOf: Object.fromEntries(names.map((name, i) => [name, numberOrNull(perClass[i])])),
    pseudoDiceAverage: numberOrNull(average),
  };
}

/** JSON has no NaN. */
function numberOrNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
