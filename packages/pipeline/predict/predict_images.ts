/**
 * From images and a trained model to masks, without a data set.
 * @module
 */
import { isCaseId, type TestCase, writeNifti } from "@mednext/data";
import { type BackendName, type Precision, setBackend } from "@mednext/kernels";
import type { PostprocessingStep } from "@mednext/segment";
import { maskPath } from "../artifacts/masks_folder.ts";
import { probabilitiesPath } from "../artifacts/probabilities_format.ts";
import { preprocessFiles } from "../preprocessing/preprocess_files.ts";
import { bundledPostprocessing } from "./bundled_postprocessing.ts";
import { type Ensemble, loadEnsemble } from "./ensemble.ts";
import { modelFolders } from "./model_folders.ts";
import { listMasks, masksToKeep } from "./output_folder.ts";
import { postprocessed } from "./postprocessed.ts";
import { recordPrediction } from "./prediction_record.ts";
import { segmentCase } from "./segment_case.ts";

export type { BackendName, Precision, TestCase };

/** Options of {@linkcode predictImages}. */
export interface PredictImagesOptions {
  /**
   * Folders of trained models, one or more; their predictions are averaged. A folder of such folders, as the
   * folds of a cross-validation are published, stands for all of them.
   */
  models: readonly string[];
  /** The folder that the masks are written into, `ID.nii.gz`; it is made if it is not there. */
  output: string;
  /** The largest distance of two patches as a fraction of the patch, in (0, 1]. @default {0.5} */
  stepSize?: number;
  /** Voxels of the patch along D, H, W. @default {that of the first model's training} */
  patchSize?: [number, number, number];
  /**
   * Axes along which mirrored predictions are averaged: 0 is D, 1 is H, 2 is W.
   * @default {those of the first model's training}
   */
  mirrorAxes?: readonly number[];
  /**
   * What is averaged: logits as nnU-Net v2, or probabilities as nnU-Net v1 and the paper (of regions, a
   * sigmoid's).
   * @default {"logits"}
   */
  aggregate?: "logits" | "softmax";
  /** Whether class probabilities are written beside each mask, `ID.zarr`. @default {false} */
  probabilities?: boolean;
  /**
   * File or folder of a post-processing; `false` for none.
   * @default {the one in the models' folders, if there is one}
   */
  postprocessing?: string | false;
  /**
   * What becomes of masks that are there already: `refuse` to start, `keep` them and go on with the other
   * images, or `replace` them.
   * @default {"refuse"}
   */
  existing?: "refuse" | "keep" | "replace";
  /**
   * Whether the folder says what is in it: `masks.json` lists the masks, so that it can be a source of a
   * pipeline, and `prediction.json` says how they were made, so that others are not mixed with them.
   * @default {true}
   */
  manifest?: boolean;
  /** What to compute on. @default {"auto"} */
  backend?: BackendName;
  /** Threads; 0: all cores. @default {0} */
  threads?: number;
  /** What products are computed in: `mixed` takes their operands in half precision, on GPUs. @default {"float32"} */
  precision?: Precision;
  /** Is told where the work is. */
  onProgress?: (progress: PredictImagesProgress) => void;
  /** Is told after each image, with the error if it has no mask. */
  onImage?: (image: { id: string; index: number; error?: Error }) => void;
  /** Is told what is odd about an image, one line each. */
  onNote?: (line: string) => void;
  /** Stops between two patches. */
  signal?: AbortSignal;
}

/** Where {@linkcode predictImages} is. */
export interface PredictImagesProgress {
  /** The image. */
  id: string;
  /** Its place among the images, from 0. */
  index: number;
  /** Patches of the image that are done, and how many it has; 0 of 0 while it is read. */
  patch: number;
  /** How many it has. */
  patches: number;
}

/** What became of the images. */
export interface PredictImagesResult {
  /** Ids of the images that have a new mask. */
  segmented: string[];
  /** Ids of the images whose mask was there and was kept. */
  kept: string[];
  /** The images that have no mask, and why. */
  failed: { id: string; error: Error }[];
}

/**
 * Segments images with trained models: each is read, preprocessed as the model's own training cases, segmented
 * patch by patch, and its mask is written in the image's own grid. Masks appear by rename, so what is there is
 * whole. An image that cannot be segmented does not keep the others from it.
 *
 * The scores of a whole image are never in memory; see `predictSlabs` in `@mednext/segment`.
 *
 * @example A model as `train` writes it, here with weights at random
 * ```ts
 * import { writeNifti } from "@mednext/data";
 * import { setBackend } from "@mednext/kernels";
 * import { createMedNeXt, stateDict, writeSafetensors } from "@mednext/mednext";
 * import { findImages } from "@mednext/pipeline/find-images";
 * import { predictImages } from "@mednext/pipeline/predict-images";
 * import { assertEquals } from "@std/assert";
 *
 * await setBackend("cpu");
 * const model = await Deno.makeTempDir();
 * const network = { inputChannels: 1, classes: 2, baseChannels: 1 };
 * const description = {
 *   format: 1,
 *   network,
 *   labels: [{ name: "background", value: 0 }, { name: "organ", value: 1 }],
 *   channelNames: ["MR"],
 *   plan: { normalization: [{ scheme: "zscore" }] },
 *   patchSize: [16, 16, 32],
 *   training: { dataset: "none", fold: 0 },
 * };
 * await Deno.writeTextFile(`${model}/model.json`, JSON.stringify(description));
 * const weights = writeSafetensors(stateDict(createMedNeXt(network)));
 * await Deno.writeFile(`${model}/weights.safetensors`, weights);
 *
 * const scans = await Deno.makeTempDir();
 * await writeNifti(`${scans}/a.nii.gz`, {
 *   data: Float32Array.from({ length: 60 }, (_, i) => i),
 *   shape: [3, 4, 5],
 *   channels: 1,
 *   spacing: [2, 1, 1],
 *   affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1],
 * });
 * const images = await findImages([scans], { channelNames: ["MR"] });
 * const options = { models: [model], output: `${scans}/masks`, backend: "cpu" as const };
 * const { segmented, failed } = await predictImages(images, options);
 * assertEquals([segmented, failed], [["a"], []]);
 * ```
 *
 * @param images The images, as `findImages` gives them.
 * @param options The models, the output and how to predict.
 * @returns What became of each image.
 * @throws {Error} If a model cannot be used, if there is a mask already (by default), or if those in the folder
 * were made otherwise.
 * @throws The signal's reason when it aborts; masks that are finished stay.
 */
export async function predictImages(
  images: readonly TestCase[],
  options: PredictImagesOptions,
): Promise<PredictImagesResult> {
  const { output, existing = "refuse", manifest = true, signal } = options;
  const { backend = "auto", threads = 0, precision = "float32" } = options;
  checkIds(images);
  const kept = await masksToKeep(images.map(({ id }) => id), { output, existing });
  const result: PredictImagesResult = { segmented: [], kept, failed: [] };
  const folders = await modelFolders(options.models);
  await setBackend(backend, { threads, precision });
  const ensemble = await loadEnsemble(folders, options);
  try {
    const steps = await bundledPostprocessing(folders, { ...options, ...ensemble.description });
    await Deno.mkdir(output, { recursive: true });
    if (manifest) await recordPrediction({ folders, ensemble, steps, options }, existing);
    for (const [index, image] of images.entries()) {
      if (kept.includes(image.id)) continue;
      signal?.throwIfAborted();
      try {
        await predictImage(image, { ensemble, steps, index, options });
        result.segmented.push(image.id);
        options.onImage?.({ id: image.id, index });
      } catch (error) {
        if (signal?.aborted) throw error;
        result.failed.push({ id: image.id, error: error as Error });
        options.onImage?.({ id: image.id, index, error: error as Error });
      }
    }
  } finally {
    ensemble.dispose();
  }
  if (manifest) await listMasks(output, [...kept, ...result.segmented]);
  return result;
}

/** A mask is named after its image. */
function checkIds(images: readonly TestCase[]): void {
  const seen = new Set<string>();
  for (const { id } of images) {
    if (isCaseId(id) && !seen.has(id)) seen.add(id);
    else {
      throw new RangeError(
        `Cannot segment images: expected names of their own that can name a mask, found ${
          JSON.stringify(id)
        }${seen.has(id) ? " twice" : ""}`,
      );
    }
  }
}

/** Segments one image. */
async function predictImage(
  image: TestCase,
  { ensemble, steps, index, options }: {
    ensemble: Ensemble;
    steps: readonly PostprocessingStep[];
    index: number;
    options: PredictImagesOptions;
  },
): Promise<void> {
  const { id } = image;
  const { output, stepSize = 0.5, aggregate = "logits" } = options;
  const onPatch = (patch: number, patches: number) =>
    options.onProgress?.({ id, index, patch, patches });
  onPatch(0, 0);
  const { plan, labels, channelNames } = ensemble.description;
  const { preprocessed, outcome } = await preprocessFiles(image, {
    plan,
    labels: { labels },
    channels: channelNames.length,
  });
  outcome.notes.forEach((line) => options.onNote?.(line));
  const mask = await segmentCase(preprocessed, ensemble, {
    stepSize,
    aggregate,
    mirrorAxes: options.mirrorAxes,
    probabilities: options.probabilities ? probabilitiesPath(output, id) : undefined,
    signal: options.signal,
    onPatch,
  });
  await writeNifti(maskPath(output, id), postprocessed(mask, steps), { dtype: "label" });
}
