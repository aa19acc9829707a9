/**
 * The built-in stage `preprocess`: from a data set to preprocessed cases and splits.
 * @module
 */
import {
  checkCase,
  type Dataset,
  type ForegroundCase,
  type IntensityProperties,
  intensityProperties,
  kFolds,
  type NormalizationScheme,
  normalizationScheme,
  preprocessCase,
  type PreprocessingPlan,
  readDataset,
  readVolume,
  type TestCase,
  type TrainingCase,
  type Triple,
  writeCase,
  writeSplits,
} from "@mednext/data";
import { join } from "@std/path";
import { writeVolumesManifest } from "../artifacts/volumes_folder.ts";
import type { Stage, StageContext } from "../stage.ts";

interface Params {
  spacing?: Triple;
  normalization: "auto" | NormalizationScheme[];
  order: "resample-first" | "normalize-first";
  folds: number;
  foldSeed: number;
}
type Inputs = { dataset: "dataset" };
type Outputs = { volumes: "volumes"; splits: "splits" };
type Context = StageContext<Params, Inputs, Outputs>;

const SCHEMES: NormalizationScheme[] = ["zscore", "ct", "none", "rescale-to-0-1", "rgb-to-0-1"];

const preprocess: Stage<Params, Inputs, Outputs> = {
  revision: 1,
  module: import.meta.url,
  description:
    "Reorients, crops, resamples and normalises every case, and splits those with labels",
  inputs: { dataset: "dataset" },
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
        description: "Millimetres along D, H, W (z, y, x); each image's own if left out",
      },
      normalization: {
        anyOf: [{ const: "auto" }, { type: "array", items: { enum: SCHEMES }, minItems: 1 }],
        default: "auto",
        description: "One scheme for each channel; auto chooses by the channel's name, as nnU-Net",
      },
      order: {
        enum: ["resample-first", "normalize-first"],
        default: "resample-first",
        description: "resample-first is nnU-Net v1 (the paper), normalize-first is nnU-Net v2",
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
  async run(context) {
    const { params, out, scratch, signal, progress, log } = context;
    const dataset = await readDataset(context.in.dataset);
    const plan = await makePlan(dataset, context);
    const folder = join(scratch, "cases");
    await Deno.mkdir(folder, { recursive: true });
    const cases: (TestCase | TrainingCase)[] = [...dataset.training, ...dataset.test];
    for (const [i, entry] of cases.entries()) {
      signal.throwIfAborted();
      progress({ done: i, total: cases.length, unit: "cases", message: entry.id });
      await preprocessOnce(entry, { folder, plan, dataset, log });
    }
    progress({ done: cases.length, total: cases.length, unit: "cases" });
    await Deno.mkdir(out.volumes);
    await Deno.rename(folder, join(out.volumes, "cases"));
    const training = dataset.training.map(({ id }) => id);
    await writeVolumesManifest(out.volumes, {
      name: dataset.name,
      channelNames: dataset.channelNames,
      labels: dataset.labels,
      plan,
      training,
      test: dataset.test.map(({ id }) => id),
    });
    await writeSplits(out.splits, kFolds(training, { folds: params.folds, seed: params.foldSeed }));
  },
};

export default preprocess;

/** Preprocesses a case unless an earlier, unfinished run has done so. */
async function preprocessOnce(
  entry: TestCase | TrainingCase,
  { folder, plan, dataset, log }: {
    folder: string;
    plan: PreprocessingPlan;
    dataset: Dataset;
    log: (line: string) => void;
  },
): Promise<void> {
  const { id } = entry;
  const path = join(folder, `${id}.zarr`);
  if (await exists(path)) return;
  const images = await Promise.all(entry.images.map((image) => readVolume(image)));
  const label = "label" in entry ? await readVolume(entry.label) : undefined;
  checkCase({ id, images, label }, {
    files: entry,
    labels: dataset.labels,
    channels: dataset.channelNames.length,
  });
  const preprocessed = preprocessCase({ id, images, label }, plan);
  if (preprocessed.replacedValues > 0) {
    log(`${id}: ${preprocessed.replacedValues} values that are not finite became 0`);
  }
  await writeCase(path, preprocessed);
}

async function makePlan(
  dataset: Dataset,
  { params, log }: Pick<Context, "params" | "log">,
): Promise<PreprocessingPlan> {
  const schemes = params.normalization === "auto"
    ? dataset.channelNames.map((name) => normalizationScheme(name))
    : params.normalization;
  const properties = schemes.includes("ct") ? await foregroundIntensities(dataset, log) : [];
  return {
    spacing: params.spacing,
    order: params.order,
    labels: dataset.labels.map(({ value }) => value),
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
      yield { image: interleave(volumes), label: (await readVolume(label)).data };
    }
  }
  const channels = dataset.channelNames.length;
  return await intensityProperties(cases(), { cases: dataset.training.length, channels });
}

function interleave(volumes: { data: ArrayLike<number>; channels: number }[]): Float32Array {
  if (volumes.length === 1) return Float32Array.from(volumes[0].data);
  const image = new Float32Array(volumes.length * volumes[0].data.length);
  volumes.forEach(({ data }, channel) => {
    for (let i = 0; i < data.length; i++) image[i * volumes.length + channel] = data[i];
  });
  return image;
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
