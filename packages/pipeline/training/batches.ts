import { randomStream, type SampleBatchOptions } from "@mednext/data";
import type { Batch } from "@mednext/segment";
import type { TrainParams } from "../stages/params/train_params.ts";
import type { StoredCase } from "./case_reader.ts";
import { createBatchLoader } from "./create_batch_loader.ts";

/** Batches by their number, from 0; the same number gives the same batch. */
export type Batches = (number: number) => Promise<Batch>;

/** Batches that may come from threads of their own. */
export interface LoadedBatches {
  batches: Batches;
  /** Ends the threads. */
  close(): void;
}

/** Where batches come from, beside the parameters of the training. */
export interface BatchesOptions {
  seed: number;
  /** Channels that were normalised within the mask; augmentation keeps them 0 outside. */
  maskedChannels: number[];
  /** Number of threads that make them. */
  workers: number;
  signal: AbortSignal;
}

/** What a training says of its batches. */
export type BatchParams = Pick<
  TrainParams,
  | "batchSize"
  | "patchSize"
  | "foregroundFraction"
  | "augmentation"
  | "mirrorAxes"
  | "transforms"
>;

/** Bytes of the training's cases that are kept, and of those that are held back. */
const TRAINING_BYTES = 1.5 * 2 ** 30, VALIDATION_BYTES = 0.5 * 2 ** 30;

/** The batches that a network is trained on, made ahead. */
export function trainingBatches(
  cases: StoredCase[],
  params: BatchParams & Pick<TrainParams, "epochs" | "stepsPerEpoch" | "accumulate">,
  options: BatchesOptions,
): LoadedBatches {
  const { workers, signal } = options;
  const steps = params.epochs * params.stepsPerEpoch * params.accumulate;
  const draw = drawOptions(params, options);
  return load(cases, { ...draw, workers, signal, steps, maxBytes: TRAINING_BYTES });
}

/** The batches that it is looked at with: drawn in the same way from other cases, and left as they are. */
export function validationBatches(
  cases: StoredCase[],
  params: BatchParams,
  options: Omit<BatchesOptions, "workers">,
): LoadedBatches {
  const seed = randomStream(options.seed, "validation").integer(2 ** 32);
  const still = { ...params, augmentation: "none" as const, transforms: {} };
  const draw = drawOptions(still, { ...options, seed });
  return load(cases, { ...draw, workers: 0, maxBytes: VALIDATION_BYTES });
}

function drawOptions(
  { batchSize, patchSize, foregroundFraction, mirrorAxes, augmentation, transforms }: BatchParams,
  { seed, maskedChannels }: Pick<BatchesOptions, "seed" | "maskedChannels">,
): Omit<SampleBatchOptions, "step"> {
  const patches = { batchSize, patchSize, foregroundFraction };
  return { seed, ...patches, augmentation, mirrorAxes, transforms, maskedChannels };
}

function load(...[cases, options]: Parameters<typeof createBatchLoader>): LoadedBatches {
  const loader = createBatchLoader(cases, options);
  return {
    async batches(number) {
      const { images, labels, shape: [n, d, h, w, channels] } = await loader.batch(number);
      return { images, labels, shape: [n, d, h, w], channels };
    },
    close: loader.close,
  };
}
