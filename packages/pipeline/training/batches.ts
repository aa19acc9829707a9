import { type CaseSource, randomStream, sampleBatch } from "@mednext/data";
import type { Batch } from "@mednext/segment";
import type { TrainParams } from "../stages/train_params.ts";

/** Batches by their number, from 0; the same number gives the same batch. */
export type Batches = (number: number) => Promise<Batch>;

type Recipe = Pick<TrainParams, "batchSize" | "patchSize" | "foregroundFraction" | "mirrorAxes">;

/** The batches that a network is trained on. */
export function trainingBatches(cases: CaseSource, recipe: Recipe, seed: number): Batches {
  const { batchSize, patchSize, foregroundFraction, mirrorAxes } = recipe;
  return async (step) => {
    const options = { seed, step, batchSize, patchSize, foregroundFraction, mirrorAxes };
    const { images, labels, shape: [n, d, h, w, channels] } = await sampleBatch(cases, options);
    return { images, labels, shape: [n, d, h, w], channels };
  };
}

/** The batches that it is looked at with: drawn in the same way from other cases, and left as they are. */
export function validationBatches(cases: CaseSource, recipe: Recipe, seed: number): Batches {
  const other = randomStream(seed, "validation").integer(2 ** 32);
  return trainingBatches(cases, { ...recipe, mirrorAxes: [] }, other);
}
