/**
 * `predictImages` in a process of its own, where the wasm backend is fastest.
 * @module
 */
import type { TestCase } from "@mednext/data";
import type { ResolvedStage } from "../run/resolve.ts";
import { decodeError } from "../run/process/stage_process_error.ts";
import { runInProcess } from "../run/process/run_in_process.ts";
import type { StageContext } from "../stage.ts";
import {
  predictImages,
  type PredictImagesOptions,
  type PredictImagesResult,
} from "./predict_images.ts";
import predictStage, { type PredictEvent } from "./predict_stage.ts";

/** What is read without WebAssembly. Zarr's codecs are WebAssembly, and its chunks may come from anywhere. */
const NIFTI = /\.(nii(\.gz)?|hdr)$/i;

/**
 * As `predictImages`, in a process of its own that has V8's flags for the wasm backend, where that can be and
 * every image is NIfTI: such a process must read nothing foreign by WebAssembly. Otherwise in this process.
 */
export async function predictApart(
  images: readonly TestCase[],
  options: PredictImagesOptions,
): Promise<PredictImagesResult> {
  const { onProgress: _, onImage: __, onNote, signal, ...given } = options;
  if (images.some((image) => !image.images.every((path) => NIFTI.test(path)))) {
    onNote?.(
      "computing in this process, which takes twice as long: not all images are NIfTI files",
    );
    return await predictImages(images, options);
  }
  const result: PredictImagesResult = { segmented: [], kept: [], failed: [] };
  const stage = predictStage as unknown as ResolvedStage["stage"];
  const context: StageContext = {
    ...{ instance: "predict", params: { images, options: given }, in: {}, out: {}, digests: {} },
    ...{ scratch: "", seed: 0, compute: { backend: "auto", threads: 0 } },
    signal: signal ?? new AbortController().signal,
    progress() {},
    log: (line) => receive(line, result, options),
    summarize() {},
  };
  const resolved = { stage, identity: "predict", specifier: "@predict" };
  const ran = await runInProcess(resolved, context, { notice: (text) => onNote?.(text) });
  return ran ? result : await predictImages(images, options);
}

/** Passes on what the process tells; what else it prints is a note. */
function receive(
  line: string,
  result: PredictImagesResult,
  { onProgress, onImage, onNote }: PredictImagesOptions,
): void {
  const event = parse(line);
  switch (event.type) {
    case "progress":
      return onProgress?.(event.progress);
    case "note":
      return onNote?.(event.line);
    case "result":
      return void Object.assign(result, { segmented: event.segmented, kept: event.kept });
    case "image": {
      const { id, index } = event;
      if (event.error === undefined) return onImage?.({ id, index });
      const error = decodeError(event.error, undefined) as Error;
      result.failed.push({ id, error });
      onImage?.({ id, index, error });
    }
  }
}

function parse(line: string): PredictEvent {
  try {
    const event = JSON.parse(line);
    if (typeof event?.type === "string") return event;
  } catch {
    // Some library has printed it.
  }
  return { type: "note", line };
}
