/**
 * The built-in stage `preprocess`: from a data set to preprocessed cases and splits.
 * @module
 */
import {
  type Dataset,
  kFolds,
  type NormalizationScheme,
  readDataset,
  type Split,
  type TestCase,
  type TrainingCase,
  type Triple,
  writeSplits,
} from "@mednext/data";
import { join } from "@std/path";
import { NORMALIZATION_SCHEMES } from "../artifacts/manifest_schemas.ts";
import { writeVolumesManifest } from "../artifacts/volumes_folder.ts";
import { absentLabelNotes, hiddenRegionNotes, unlistedNotes } from "../preprocessing/case_notes.ts";
import { makeRecipe } from "../preprocessing/make_recipe.ts";
import { preprocessCases } from "../preprocessing/preprocess_cases.ts";
import type { Stage } from "../stage.ts";

interface Params {
  spacing?: Triple;
  normalization: "auto" | NormalizationScheme[];
  order?: "resample-first" | "normalize-first";
  folds: number;
  foldSeed: number;
  workers?: number;
}
type Inputs = { dataset: "dataset"; plan: "plan"; model: "model" };
type Outputs = { volumes: "volumes"; splits: "splits" };

const preprocess: Stage<Params, Inputs, Outputs, "plan" | "model"> = {
  revision: 3,
  module: import.meta.url,
  description:
    "Reorients, crops, resamples and normalises every case, and splits those with labels",
  inputs: { dataset: "dataset", plan: "plan", model: "model" },
  optional: ["plan", "model"],
  outputs: { volumes: "volumes", splits: "splits" },
  params: {
    type: "object",
    additionalProperties: false,
    properties: {
      spacing: {
        type: "array",
        items: { type: "number", exclusiveMinimum: 0 },
        minItems: 3,
        maxItems: 3,
        description:
          "Millimetres along D, H, W (z, y, x; the axes of the plan with one); if left out the plan's or the model's, or else each image's own",
      },
      normalization: {
        anyOf: [{ const: "auto" }, {
          type: "array",
          items: { enum: NORMALIZATION_SCHEMES },
          minItems: 1,
        }],
        default: "auto",
        description:
          "One scheme for each channel; auto takes the plan's or the model's, or else chooses by the channel's name, as nnU-Net",
      },
      order: {
        enum: ["resample-first", "normalize-first"],
        description:
          "resample-first is nnU-Net v1 (the paper), normalize-first is nnU-Net v2; if left out the plan's or the model's, or else resample-first",
      },
      folds: {
        type: "integer",
        minimum: 2,
        default: 5,
        description: "Folds of the cross-validation",
      },
      foldSeed: {
        type: "integer",
        minimum: 0,
        default: 12345,
        description: "Seed of the splits; nnU-Net's gives nnU-Net's splits",
      },
      workers: {
        type: "integer",
        minimum: 1,
        description:
          "Cases at a time, each in a thread of its own, as far as there is memory; the result is the same. If left out, the threads of compute",
      },
    },
  },
  resumable: true,
  neutral: ["workers"],
  check({ spacing, normalization, order }, inputs) {
    if (!inputs.has("model")) return;
    if (inputs.has("plan")) {
      throw new RangeError(
        "Cannot preprocess as for a plan and for a model: expected one of the inputs 'plan' and " +
          "'model', found both",
      );
    }
    if (spacing === undefined && normalization === "auto" && order === undefined) return;
    throw new RangeError(
      "Cannot preprocess as for the input 'model' when 'spacing', 'normalization' or 'order' is given: " +
        "all of them are the model's",
    );
  },
  async run({ params, in: inputs, out, scratch, compute, signal, progress, log }) {
    const dataset = await readDataset(inputs.dataset);
    const training = dataset.training.map(({ id }) => id);
    checkIds(dataset);
    // Before the cases, which take long: what cannot be split is to be known at once.
    const splits = splitCases(training, params);
    [...unlistedNotes(dataset.unlisted), ...hiddenRegionNotes(dataset.regions)].forEach(log);
    const { plan, model } = inputs;
    const workers = params.workers ?? (compute.threads || navigator.hardwareConcurrency);
    const recipe = await makeRecipe(dataset, { params, plan, model, workers, signal, log });
    const cases: (TestCase | TrainingCase)[] = [...dataset.training, ...dataset.test];
    const reports = await preprocessCases(cases, {
      plan: recipe.plan,
      labels: { labels: dataset.labels, ignoreLabel: dataset.ignoreLabel },
      channels: dataset.channelNames.length,
      scratch,
      workers,
      signal,
      onProgress: (done, message) =>
        progress({ done, total: cases.length, unit: "cases", message }),
      log,
    });
    if (training.length > 0) absentLabelNotes(dataset.labels, reports, splits).forEach(log);
    await Deno.mkdir(out.volumes);
    await Deno.rename(join(scratch, "cases"), join(out.volumes, "cases"));
    await writeVolumesManifest(out.volumes, {
      name: dataset.name,
      channelNames: dataset.channelNames,
      ...recipe,
      training,
      test: dataset.test.map(({ id }) => id),
    });
    await writeSplits(out.splits, splits);
  },
};

export default preprocess;

/** What is kept of a case is named after it, so an id must not stand for two of them. */
function checkIds({ name, training, test }: Dataset): void {
  const trained = new Set(training.map(({ id }) => id));
  const twice = test.filter(({ id }) => trained.has(id)).map(({ id }) => id);
  if (twice.length === 0) return;
  throw new RangeError(
    `Cannot preprocess the data set ${name}: expected cases without labels to have names of their ` +
      `own, found those of cases with labels: ${twice.join(", ")}`,
  );
}

/** The folds of the cases with labels; none where there is nothing to hold back. */
function splitCases(training: string[], { folds, foldSeed }: Params): Split[] {
  return training.length < 2 ? [] : kFolds(training, { folds, seed: foldSeed });
}
