import {
  createMaskPainter,
  createScoreResampler,
  type PreprocessedCase,
  type ScoreRow,
  type Volume,
} from "@mednext/data";
import { activateScores, predictSlabs } from "@mednext/segment";
import { createProbabilitiesWriter } from "../artifacts/probabilities_writer.ts";
import type { Ensemble } from "./ensemble.ts";

/** How images are segmented. */
export interface SegmentOptions {
  /** The largest distance of two patches as a fraction of the patch, in (0, 1]. */
  stepSize: number;
  /** Axes along which mirrored predictions are averaged; those of the first model's training if left out. */
  mirrorAxes?: readonly number[];
  /** What is averaged: logits, or probabilities. */
  aggregate: "logits" | "softmax";
}

/** What {@linkcode segmentCase} needs beside that. */
export interface SegmentCaseOptions extends SegmentOptions {
  /** Where the probabilities are written, if they are. */
  probabilities?: string;
  /** Is told after each patch how many are done and how many there are. */
  onPatch?: (patch: number, patches: number) => void;
  /** Stops between two patches. */
  signal?: AbortSignal;
}

/**
 * Segments a preprocessed case: scores are averaged patch by patch, and brought back to the image and
 * decided slab by slab, so that the scores of the whole case are never in memory.
 *
 * @returns The label map in the image's own grid.
 */
export async function segmentCase(
  source: PreprocessedCase,
  { models, description, patchSize }: Ensemble,
  options: SegmentCaseOptions,
): Promise<Volume> {
  const { image, shape, channels, geometry } = source;
  const { labels, regions, regionsClassOrder } = description;
  const outputs = regions ?? labels;
  const activation = regions === undefined ? "softmax" : "sigmoid";
  const aggregate = options.aggregate === "logits" ? "logits" : activation;
  const resampler = createScoreResampler(geometry, { classes: outputs.length });
  const painter = createMaskPainter(geometry, {
    classes: outputs.length,
    labels: labels.map(({ value }) => value),
    regionsClassOrder,
    threshold: aggregate === "logits" ? 0 : 0.5,
  });
  const writer = options.probabilities === undefined
    ? undefined
    : await createProbabilitiesWriter(options.probabilities, geometry, {
      classes: outputs.map(({ name }) => name),
      activation,
    });
  const probabilitiesOf = ({ index, scores }: ScoreRow): ScoreRow => {
    if (aggregate !== "logits") return { index, scores };
    const active = scores.slice();
    activateScores(active, { classes: outputs.length, activation });
    return { index, scores: active };
  };
  try {
    const slabs = predictSlabs(models, image, {
      shape,
      channels,
      patchSize,
      stepSize: options.stepSize,
      mirrorAxes: options.mirrorAxes ?? description.mirrorAxes ?? [],
      aggregate,
      signal: options.signal,
      onProgress: options.onPatch,
    });
    for await (const slab of slabs) {
      for (const row of resampler.rows(slab.scores)) {
        painter.paint(row);
        await writer?.write(probabilitiesOf(row));
      }
    }
    await writer?.finish();
  } catch (error) {
    await writer?.discard();
    throw error;
  }
  return painter.finish();
}
