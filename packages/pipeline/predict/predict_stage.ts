/**
 * `predictImages` as a stage, so that it can run in a process of its own; see `predict_apart.ts`.
 * @module
 */
import type { TestCase } from "@mednext/data";
import { type EncodedError, encodeError } from "../run/process/stage_process_error.ts";
import type { Stage } from "../stage.ts";
import {
  predictImages,
  type PredictImagesOptions,
  type PredictImagesProgress,
} from "./predict_images.ts";

/** What `predictImages` is given, as data. */
export interface PredictParams {
  images: readonly TestCase[];
  options: Omit<PredictImagesOptions, "onProgress" | "onImage" | "onNote" | "signal">;
}

/** What it tells, each as a line of JSON in the stage's log. */
export type PredictEvent =
  | { type: "progress"; progress: PredictImagesProgress }
  | { type: "image"; id: string; index: number; error?: EncodedError }
  | { type: "note"; line: string }
  | { type: "result"; segmented: string[]; kept: string[] };

/** Milliseconds between two lines on the patches of an image: people see no more. */
const PROGRESS_EVERY = 100;

const predictStage: Stage<PredictParams, Record<never, never>, Record<never, never>> = {
  revision: 1,
  module: import.meta.url,
  inputs: {},
  outputs: {},
  params: {},
  ownProcess: true,
  async run({ params: { images, options }, log, signal }) {
    const tell = (event: PredictEvent) => log(JSON.stringify(event));
    let toldAt = -Infinity;
    const { segmented, kept } = await predictImages(images, {
      ...options,
      signal,
      onProgress(progress) {
        const now = performance.now();
        if (progress.patches > 0 && now - toldAt < PROGRESS_EVERY) return;
        toldAt = now;
        tell({ type: "progress", progress });
      },
      onImage: ({ id, index, error }) =>
        tell({
          ...{ type: "image", id, index },
          ...(error && { error: encodeError(error, undefined) }),
        }),
      onNote: (line) => tell({ type: "note", line }),
    });
    tell({ type: "result", segmented, kept });
  },
};

export default predictStage;
