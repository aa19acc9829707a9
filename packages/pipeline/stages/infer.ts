/**
 * The built-in stage `infer`: from models and preprocessed cases to masks in the images' own grids.
 * @module
 */
import { readCase, restoreMask, writeNifti } from "@mednext/data";
import { type BackendName, memory, setBackend } from "@mednext/kernels";
import { predictVolume } from "@mednext/segment";
import { join } from "@std/path";
import { maskPath, writeMasksManifest } from "../artifacts/masks_folder.ts";
import { type LoadedModel, loadModel } from "../artifacts/model_folder.ts";
import { subsetOf } from "../artifacts/splits_file.ts";
import {
  casePath,
  readVolumesManifest,
  type VolumesManifest,
} from "../artifacts/volumes_folder.ts";
import { exists } from "../run/file_system.ts";
import { firstDifference } from "../run/why.ts";
import type { Stage } from "../stage.ts";
import { checkMemory } from "./check_memory.ts";

interface Params {
  subset: "validation" | "test" | "training" | "all";
  fold: number | "all";
  patchSize?: [number, number, number];
  stepSize: number;
  mirrorAxes: number[];
  aggregate: "logits" | "softmax";
}
type Inputs = { volumes: "volumes"; splits: "splits"; model: "model[]" };
type Outputs = { masks: "masks" };

const infer: Stage<Params, Inputs, Outputs, "splits"> = {
  revision: 1,
  module: import.meta.url,
  description: "Segments cases patch by patch, with one model or the average of several",
  inputs: { volumes: "volumes", splits: "splits", model: "model[]" },
  optional: ["splits"],
  outputs: { masks: "masks" },
  params: {
    type: "object",
    additionalProperties: false,
    properties: {
      subset: {
        enum: ["validation", "test", "training", "all"],
        default: "validation",
        description: "Which cases: those held back in the fold, those without labels, …",
      },
      fold: {
        anyOf: [{ type: "integer", minimum: 0 }, { const: "all" }],
        default: 0,
        description: "The fold whose validation or training cases are meant",
      },
      patchSize: {
        type: "array",
        items: { type: "integer", minimum: 16, multipleOf: 16 },
        minItems: 3,
        maxItems: 3,
        description: "Voxels along D, H, W; the patch of the training if left out",
      },
      stepSize: {
        type: "number",
        exclusiveMinimum: 0,
        maximum: 1,
        default: 0.5,
        description: "Distance of neighbouring patches as a fraction of the patch",
      },
      mirrorAxes: {
        type: "array",
        items: { enum: [0, 1, 2] },
        uniqueItems: true,
        default: [0, 1, 2],
        description: "Axes along which mirrored predictions are averaged: 0 is D, 1 is H, 2 is W",
      },
      aggregate: {
        enum: ["logits", "softmax"],
        default: "logits",
        description: "What is averaged: logits as nnU-Net v2, probabilities as the paper",
      },
    },
  },
  resumable: true,
  async run({ params, in: inputs, out, scratch, compute, signal, progress, log }) {
    await setBackend(compute.backend as BackendName, { threads: compute.threads });
    const manifest = await readVolumesManifest(inputs.volumes);
    const ids = await subsetOf(manifest, { ...params, splits: inputs.splits });
    const masks = join(scratch, "masks");
    await Deno.mkdir(masks, { recursive: true });
    // The estimate counts the weights of the models, so what there is is asked before they are loaded.
    const available = memory();
    const models: LoadedModel[] = [];
    try {
      for (const folder of inputs.model) {
        models.push(await loadModel(folder));
        checkPlan(models.at(-1)!, manifest, folder);
      }
      checkMemory({
        networks: models.map(({ description }) => description.network),
        patchSize: patchSizeOf(models, params),
        batchSize: 1,
        training: false,
      }, available);
      const labels = commonLabels(models.map(({ description }) => description));
      for (const [done, id] of ids.entries()) {
        signal.throwIfAborted();
        const show = (message: string) =>
          progress({ done, total: ids.length, unit: "cases", message });
        await segmentOnce(maskPath(masks, id), casePath(inputs.volumes, id), {
          models,
          labels,
          params,
          signal,
          onPatch: (patch, patches) => show(`${id}, patch ${patch} of ${patches}`),
        });
      }
    } finally {
      for (const { model } of models) model.dispose();
    }
    progress({ done: ids.length, total: ids.length, unit: "cases" });
    await Deno.rename(masks, out.masks);
    await writeMasksManifest(out.masks, ids);
    log(`${ids.length} masks by ${models.length === 1 ? "one model" : `${models.length} models`}`);
  },
};

export default infer;

/** Segments a case unless an earlier, unfinished run has done so. */
async function segmentOnce(
  mask: string,
  source: string,
  { models, labels, params, signal, onPatch }: {
    models: LoadedModel[];
    labels: number[];
    params: Params;
    signal: AbortSignal;
    onPatch: (patch: number, patches: number) => void;
  },
): Promise<void> {
  if (await exists(mask)) return;
  const { image, shape, channels, geometry } = await readCase(source);
  const { scores, classes } = await predictVolume(models.map(({ model }) => model), image, {
    shape,
    channels,
    patchSize: patchSizeOf(models, params),
    stepSize: params.stepSize,
    mirrorAxes: params.mirrorAxes,
    aggregate: params.aggregate,
    signal,
    onProgress: onPatch,
  });
  await writeNifti(mask, restoreMask(scores, geometry, { classes, labels }), { dtype: "label" });
}

/** The patch that was asked for, or that of the training. */
function patchSizeOf(models: LoadedModel[], params: Params): [number, number, number] {
  return params.patchSize ?? models[0].description.patchSize;
}

/** A network gives nonsense, and no error, on intensities or voxels that it was not trained on. */
function checkPlan(
  { description }: LoadedModel,
  { plan }: Pick<VolumesManifest, "plan">,
  folder: string,
): void {
  for (const field of ["spacing", "transpose", "order", "normalization"] as const) {
    const difference = firstDifference(description.plan[field], plan[field], field);
    if (difference === undefined) continue;
    throw new RangeError(
      `Cannot use the model in '${folder}': expected cases that are preprocessed as those that it ` +
        `was trained on, found another ${difference}; give the model to the stage preprocess, too`,
    );
  }
}

/** The label values of the classes, which all models must share. */
function commonLabels(models: { labels: { value: number }[] }[]): number[] {
  const all = models.map(({ labels }) => labels.map(({ value }) => value));
  const different = all.find((values) => String(values) !== String(all[0]));
  if (different) {
    throw new Error(
      `Cannot average models of different labels: expected ${all[0]}, found ${different}`,
    );
  }
  return all[0];
}
