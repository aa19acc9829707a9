/**
 * The built-in stage `postprocess`: learns on the masks of the cross-validation what to remove from masks.
 * @module
 */
import { readDataset, writeNifti } from "@mednext/data";
import { applyPostprocessing, type PostprocessingStep } from "@mednext/segment";
import { evaluatedLabels } from "../artifacts/case_pair.ts";
import { listMaskFiles, type MaskFile } from "../artifacts/mask_files.ts";
import { maskPath, writeMasksManifest } from "../artifacts/masks_folder.ts";
import { writePostprocessing } from "../artifacts/postprocessing_folder.ts";
import type { Stage } from "../stage.ts";
import { checkFolds, foldsParam } from "./params/folds_param.ts";
import { learnPostprocessing } from "./postprocessing/learn_postprocessing.ts";
import { cachedPairs, type LabelPair, scoreMasks } from "./postprocessing/mask_scores.ts";
import { trialsText } from "./postprocessing/trials_text.ts";

interface Params {
  folds?: number[];
}
type Inputs = { dataset: "dataset"; masks: "masks[]"; splits: "splits" };
type Outputs = { postprocessing: "postprocessing"; masks: "masks" };

const postprocess: Stage<Params, Inputs, Outputs, "splits"> = {
  revision: 1,
  module: import.meta.url,
  description: "Learns on cross-validation whether keeping only the largest components helps",
  inputs: { dataset: "dataset", masks: "masks[]", splits: "splits" },
  optional: ["splits"],
  outputs: { postprocessing: "postprocessing", masks: "masks" },
  params: {
    type: "object",
    additionalProperties: false,
    properties: { folds: foldsParam },
  },
  check: ({ folds }, inputs) => checkFolds(folds, inputs),
  async run({ params, in: inputs, out, signal, progress, log, summarize }) {
    const dataset = await readDataset(inputs.dataset);
    const { folds } = params;
    const files = await listMaskFiles(inputs.masks, { splits: inputs.splits, folds });
    const read = cachedPairs(dataset);
    const labels = evaluatedLabels(dataset);
    const foreground = dataset.labels.map(({ value }) => value).filter((value) => value !== 0);
    // Nothing, all of it, and each label if there are several; then the masks are written.
    const total = (labels.length > 1 ? labels.length + 2 : 2) + 1;
    let done = 0;
    const { steps, trials } = await learnPostprocessing({ foreground, labels }, async (steps) => {
      progress({ done, total, unit: "passes", message: `${files.length} masks` });
      const means = await scoreMasks(files, { steps, dataset, read, signal });
      done++;
      return means;
    });
    await writeMasks(out.masks, { files, steps, read, signal });
    progress({ done: total, total, unit: "passes" });
    const text = trialsText(trials, files.length);
    await Deno.mkdir(out.postprocessing);
    const content = { labels: dataset.labels, steps, trials };
    await writePostprocessing(out.postprocessing, content, text);
    for (const line of text.split("\n")) log(line);
    summarize({ steps: steps.length });
  },
};

export default postprocess;

async function writeMasks(
  folder: string,
  { files, steps, read, signal }: {
    files: readonly MaskFile[];
    steps: readonly PostprocessingStep[];
    read: (mask: MaskFile) => Promise<LabelPair>;
    signal: AbortSignal;
  },
): Promise<void> {
  await Deno.mkdir(folder);
  for (const file of files) {
    signal.throwIfAborted();
    const { mask, grid } = await read(file);
    const data = applyPostprocessing(mask, steps, grid);
    const volume = { data, channels: 1, ...grid };
    await writeNifti(maskPath(folder, file.id), volume, { dtype: "label" });
  }
  await writeMasksManifest(folder, files.map(({ id }) => id));
}
