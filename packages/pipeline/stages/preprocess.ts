/**
 * The built-in stage `preprocess`: from a data set to preprocessed cases and splits.
 * @module
 */
import {
  type CaseReport,
  checkCase,
  type Dataset,
  type ForegroundCase,
  type IntensityProperties,
  intensityProperties,
  joinChannels,
  kFolds,
  type LabelDescription,
  type NormalizationScheme,
  normalizationScheme,
  preprocessCase,
  type PreprocessingPlan,
  readDataset,
  readVolume,
  type Split,
  type TestCase,
  type TrainingCase,
  type Triple,
  writeCase,
  writeSplits,
} from "@mednext/data";
import { join } from "@std/path";
import { NORMALIZATION_SCHEMES } from "../artifacts/manifest_schemas.ts";
import { readModelDescription } from "../artifacts/model_description.ts";
import {
  casePath,
  type VolumesManifest,
  writeVolumesManifest,
} from "../artifacts/volumes_folder.ts";
import { exists } from "../run/file_system.ts";
import type { Stage, StageContext } from "../stage.ts";
import { absentLabelNotes, caseNotes, unlistedNotes } from "./case_notes.ts";

interface Params {
  spacing?: Triple;
  normalization: "auto" | NormalizationScheme[];
  order: "resample-first" | "normalize-first";
  folds: number;
  foldSeed: number;
}
type Inputs = { dataset: "dataset"; model: "model" };
type Outputs = { volumes: "volumes"; splits: "splits" };
type Context = StageContext<Params, Inputs, Outputs, "model">;

/** How the cases are preprocessed, and what their classes are. */
type Recipe = Pick<VolumesManifest, "plan"> & LabelDescription;

const preprocess: Stage<Params, Inputs, Outputs, "model"> = {
  revision: 2,
  module: import.meta.url,
  description:
    "Reorients, crops, resamples and normalises every case, and splits those with labels",
  inputs: { dataset: "dataset", model: "model" },
  optional: ["model"],
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
          "Millimetres along D, H, W (z, y, x); if left out the model's, or else each image's own",
      },
      normalization: {
        anyOf: [{ const: "auto" }, {
          type: "array",
          items: { enum: NORMALIZATION_SCHEMES },
          minItems: 1,
        }],
        default: "auto",
        description:
          "One scheme for each channel; auto takes the model's, or else chooses by the channel's name, as nnU-Net",
      },
      order: {
        enum: ["resample-first", "normalize-first"],
        default: "resample-first",
        description:
          "resample-first is nnU-Net v1 (the paper), normalize-first is nnU-Net v2; with a model, the model's counts",
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
    },
  },
  resumable: true,
  check({ spacing, normalization }, inputs) {
    if (!inputs.has("model") || spacing === undefined && normalization === "auto") return;
    throw new RangeError(
      "Cannot preprocess as for the input 'model' when 'spacing' or 'normalization' is given: " +
        "both are the model's",
    );
  },
  async run(context) {
    const { out, scratch, signal, progress, log } = context;
    const dataset = await readDataset(context.in.dataset);
    const training = dataset.training.map(({ id }) => id);
    checkIds(dataset);
    // Before the cases, which take long: what cannot be split is to be known at once.
    const splits = splitCases(training, context.params);
    unlistedNotes(dataset.unlisted).forEach(log);
    const recipe = await makeRecipe(dataset, context);
    const cases: (TestCase | TrainingCase)[] = [...dataset.training, ...dataset.test];
    const reports: (CaseReport | undefined)[] = [];
    await Deno.mkdir(join(scratch, "cases"), { recursive: true });
    for (const [i, entry] of cases.entries()) {
      signal.throwIfAborted();
      progress({ done: i, total: cases.length, unit: "cases", message: entry.id });
      const path = casePath(scratch, entry.id);
      reports.push(await preprocessOnce(entry, { path, plan: recipe.plan, dataset, log }));
    }
    progress({ done: cases.length, total: cases.length, unit: "cases" });
    const known = reports.filter((report) => report !== undefined);
    if (training.length > 0 && known.length === reports.length) {
      absentLabelNotes(dataset.labels, known).forEach(log);
    }
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

/**
 * Preprocesses a case and says what is in it, unless an earlier, unfinished run has done so: then
 * nothing is known of it.
 */
async function preprocessOnce(
  entry: TestCase | TrainingCase,
  { path, plan, dataset, log }: {
    path: string;
    plan: PreprocessingPlan;
    dataset: Dataset;
    log: (line: string) => void;
  },
): Promise<CaseReport | undefined> {
  const { id } = entry;
  if (await exists(path)) return undefined;
  const images = await Promise.all(entry.images.map((image) => readVolume(image)));
  const label = "label" in entry ? await readVolume(entry.label) : undefined;
  const report = checkCase({ id, images, label }, {
    files: entry,
    labels: dataset.labels,
    ignoreLabel: dataset.ignoreLabel,
    channels: dataset.channelNames.length,
  });
  caseNotes({ id, images, label }, report).forEach(log);
  const preprocessed = preprocessCase({ id, images, label }, plan);
  if (preprocessed.replacedValues > 0) {
    log(`${id}: ${preprocessed.replacedValues} values that are not finite became 0`);
  }
  await writeCase(path, preprocessed);
  return report;
}

async function makeRecipe(dataset: Dataset, context: Context): Promise<Recipe> {
  const { model } = context.in;
  if (model === undefined) {
    return { plan: await makePlan(dataset, context), ...labelDescription(dataset) };
  }
  const description = await readModelDescription(model);
  const { plan, channelNames } = description;
  if (channelNames.length !== dataset.channelNames.length) {
    throw new RangeError(
      `Cannot preprocess the data set ${dataset.name} as for the model in '${model}': expected the ` +
        `channels ${channelNames.join(", ")}, found ${dataset.channelNames.join(", ")}`,
    );
  }
  return { plan, ...labelDescription(description) };
}

/** The part of something larger that says what label values mean. */
function labelDescription(
  { labels, ignoreLabel, regions, regionsClassOrder }: LabelDescription,
): LabelDescription {
  return { labels, ignoreLabel, regions, regionsClassOrder };
}

async function makePlan(
  dataset: Dataset,
  { params, log }: Pick<Context, "params" | "log">,
): Promise<PreprocessingPlan> {
  const schemes = params.normalization === "auto"
    ? dataset.channelNames.map((name) => normalizationScheme(name))
    : params.normalization;
  if (schemes.length !== dataset.channelNames.length) {
    throw new RangeError(
      `Cannot preprocess the data set ${dataset.name}: expected in 'normalization' a scheme for ` +
        `each of its channels (${dataset.channelNames.join(", ")}), found ${schemes.join(", ")}`,
    );
  }
  const properties = schemes.includes("ct") ? await foregroundIntensities(dataset, log) : [];
  return {
    spacing: params.spacing,
    order: params.order,
    labels: dataset.labels.map(({ value }) => value),
    ignoreLabel: dataset.ignoreLabel,
    regions: dataset.regions?.map(({ values }) => values),
    normalization: schemes.map((scheme, channel) => ({
      scheme,
      ...(scheme === "ct" ? { properties: properties[channel] } : {}),
    })),
  };
}

/** The foreground intensities of all training cases, one case in memory at a time. */
async function foregroundIntensities(
  dataset: Dataset,
  log: (line: string) => void,
): Promise<IntensityProperties[]> {
  log(`collecting the foreground intensities of ${dataset.training.length} cases`);
  async function* cases(): AsyncGenerator<ForegroundCase> {
    for (const { images, label } of dataset.training) {
      const volumes = await Promise.all(images.map((image) => readVolume(image)));
      const image = new Float32Array(joinChannels(volumes).data);
      yield { image, label: (await readVolume(label)).data };
    }
  }
  const channels = dataset.channelNames.length;
  return await intensityProperties(cases(), { cases: dataset.training.length, channels });
}
