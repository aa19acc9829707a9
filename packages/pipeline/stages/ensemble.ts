/**
 * The built-in stage `ensemble`: from the probabilities of several models to masks.
 * @module
 */
import {
  createMaskPainter,
  type Dataset,
  readDataset,
  type Volume,
  writeNifti,
} from "@mednext/data";
import { maskPath, readMasksManifest, writeMasksManifest } from "../artifacts/masks_folder.ts";
import { readPostprocessing } from "../artifacts/postprocessing_folder.ts";
import { probabilitiesPath } from "../artifacts/probabilities_format.ts";
import { postprocessed } from "../predict/postprocessed.ts";
import type { Stage } from "../stage.ts";
import { type Average, averagedRows } from "./ensemble/averaged_rows.ts";
import { openMembers } from "./ensemble/open_members.ts";

interface Params {
  aggregate: Average;
}
type Inputs = { dataset: "dataset"; masks: "masks[]"; postprocessing: "postprocessing" };
type Outputs = { masks: "masks" };

const ensemble: Stage<Params, Inputs, Outputs, "postprocessing"> = {
  revision: 1,
  module: import.meta.url,
  description: "Averages the probabilities that models gave to the same cases",
  inputs: { dataset: "dataset", masks: "masks[]", postprocessing: "postprocessing" },
  optional: ["postprocessing"],
  outputs: { masks: "masks" },
  params: {
    type: "object",
    additionalProperties: false,
    properties: {
      aggregate: {
        enum: ["softmax", "logits"],
        default: "softmax",
        description: "What is averaged: probabilities as nnU-Net, or their logarithms",
      },
    },
  },
  async run({ params, in: inputs, out, signal, progress, log }) {
    const dataset = await readDataset(inputs.dataset);
    const { labels } = dataset;
    const steps = inputs.postprocessing === undefined
      ? []
      : (await readPostprocessing(inputs.postprocessing, { labels })).steps;
    const members = await listMembers(inputs.masks);
    await Deno.mkdir(out.masks);
    let done = 0;
    for (const [id, paths] of members) {
      signal.throwIfAborted();
      progress({ done: done++, total: members.size, unit: "cases", message: id });
      const mask = await averageCase(paths, { id, dataset, aggregate: params.aggregate });
      const path = maskPath(out.masks, id);
      await writeNifti(path, postprocessed(mask, steps), { dtype: "label" });
    }
    progress({ done, total: members.size, unit: "cases" });
    await writeMasksManifest(out.masks, [...members.keys()]);
    log(`${members.size} masks, each from ${[...members.values()][0].length} probabilities`);
  },
};

export default ensemble;

/** The probabilities of each case: one of each model, so equally many for all cases. */
async function listMembers(folders: readonly string[]): Promise<Map<string, string[]>> {
  const members = new Map<string, string[]>();
  for (const folder of folders) {
    for (const id of (await readMasksManifest(folder)).cases) {
      members.set(id, [...members.get(id) ?? [], probabilitiesPath(folder, id)]);
    }
  }
  if (members.size === 0) {
    throw new RangeError(
      `Cannot average probabilities: there are no cases in ${folders.join(", ")}`,
    );
  }
  const most = Math.max(...[...members.values()].map(({ length }) => length));
  const fewer = [...members].filter(([, { length }]) => length < most);
  if (fewer.length > 0) {
    throw new RangeError(
      `Cannot average probabilities: expected ${most} of each case, found ${
        fewer.map(([id, { length }]) => `${length} of ${id}`).join(", ")
      }`,
    );
  }
  return members;
}

/** Averages a case row by row; memory holds a few rows of each model and the mask. */
async function averageCase(
  paths: readonly string[],
  { id, dataset, aggregate }: { id: string; dataset: Dataset; aggregate: Average },
): Promise<Volume> {
  const { labels, regions, regionsClassOrder } = dataset;
  const members = await openMembers(paths, { id, dataset });
  const painter = createMaskPainter(members[0].geometry, {
    classes: (regions ?? labels).length,
    labels: labels.map(({ value }) => value),
    regionsClassOrder,
    threshold: aggregate === "softmax" ? 0.5 : 0,
  });
  for await (const row of averagedRows(members, aggregate)) painter.paint(row);
  return painter.finish();
}
