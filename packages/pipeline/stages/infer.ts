/**
 * The built-in stage `infer`: from models and preprocessed cases to masks in the images' own grids.
 * @module
 */
import { readCase, type Triple, writeNifti } from "@mednext/data";
import { join } from "@std/path";
import { maskPath, writeMasksManifest } from "../artifacts/masks_folder.ts";
import { type ModelDescription, readModelDescription } from "../artifacts/model_description.ts";
import { probabilitiesPath } from "../artifacts/probabilities_format.ts";
import { subsetOf } from "../artifacts/splits_file.ts";
import {
  casePath,
  readVolumesManifest,
  type VolumesManifest,
} from "../artifacts/volumes_folder.ts";
import { bundledPostprocessing } from "../predict/bundled_postprocessing.ts";
import { loadEnsemble } from "../predict/ensemble.ts";
import { postprocessed } from "../predict/postprocessed.ts";
import { segmentCase, type SegmentOptions } from "../predict/segment_case.ts";
import { exists } from "../run/file_system.ts";
import { firstDifference } from "../run/why.ts";
import type { Stage } from "../stage.ts";
import { selectBackend } from "./select_backend.ts";

interface Params extends SegmentOptions {
  subset: "validation" | "test" | "training" | "all";
  fold: number | "all";
  patchSize?: Triple;
  probabilities: boolean;
}
type Inputs = {
  volumes: "volumes";
  splits: "splits";
  model: "model[]";
  postprocessing: "postprocessing";
};
type Outputs = { masks: "masks" };

const infer: Stage<Params, Inputs, Outputs, "splits" | "postprocessing"> = {
  revision: 1,
  module: import.meta.url,
  description: "Segments cases patch by patch, with one model or the average of several",
  inputs: {
    volumes: "volumes",
    splits: "splits",
    model: "model[]",
    postprocessing: "postprocessing",
  },
  optional: ["splits", "postprocessing"],
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
        description:
          "Axes along which mirrored predictions are averaged: 0 is D, 1 is H, 2 is W; those of the training if left out",
      },
      aggregate: {
        enum: ["logits", "softmax"],
        default: "logits",
        description: "What is averaged: logits as nnU-Net v2, probabilities as the paper",
      },
      probabilities: {
        type: "boolean",
        default: false,
        description:
          "Write the probabilities of the classes, too: ID.zarr beside each mask, for ensembles of several models",
      },
    },
  },
  resumable: true,
  ownProcess: true,
  async run({ params, in: inputs, out, scratch, compute, signal, progress, log }) {
    await selectBackend({ compute, log });
    const manifest = await readVolumesManifest(inputs.volumes);
    const ids = await subsetOf(manifest, { ...params, splits: inputs.splits });
    for (const folder of inputs.model) {
      checkPlan(await readModelDescription(folder), manifest, folder);
    }
    const masks = join(scratch, "masks");
    await Deno.mkdir(masks, { recursive: true });
    const ensemble = await loadEnsemble(inputs.model, params);
    try {
      const { labels } = ensemble.description;
      const { postprocessing } = inputs;
      const steps = await bundledPostprocessing(inputs.model, { postprocessing, labels });
      for (const [done, id] of ids.entries()) {
        signal.throwIfAborted();
        const path = maskPath(masks, id);
        if (await exists(path)) continue; // an earlier, unfinished run made it
        const mask = await segmentCase(await readCase(casePath(inputs.volumes, id)), ensemble, {
          ...params,
          probabilities: params.probabilities ? probabilitiesPath(masks, id) : undefined,
          signal,
          onPatch: (patch, patches) =>
            progress({
              done,
              total: ids.length,
              unit: "cases",
              message: `${id}, patch ${patch} of ${patches}`,
            }),
        });
        await writeNifti(path, postprocessed(mask, steps), { dtype: "label" });
      }
    } finally {
      ensemble.dispose();
    }
    progress({ done: ids.length, total: ids.length, unit: "cases" });
    await Deno.rename(masks, out.masks);
    await writeMasksManifest(out.masks, ids);
    const count = inputs.model.length;
    log(`${ids.length} masks by ${count === 1 ? "one model" : `${count} models`}`);
  },
};

export default infer;

/** A network gives nonsense, and no error, on intensities or voxels that it was not trained on. */
function checkPlan(
  description: ModelDescription,
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
