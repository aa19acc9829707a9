import {
  type Dataset,
  fingerprintDataset,
  type LabelDescription,
  type NormalizationScheme,
  normalizationScheme,
  planNormalization,
  type PreprocessingPlan,
  type Triple,
} from "@mednext/data";
import { readModelDescription } from "../artifacts/model_description.ts";
import { readPlan } from "../artifacts/plan_folder.ts";
import { fingerprintCases, SAMPLES } from "./fingerprint_cases.ts";
import { listProblems } from "./list_problems.ts";

/** How cases are preprocessed, and what their classes are. */
export type Recipe = { plan: PreprocessingPlan } & LabelDescription;

/** What {@linkcode makeRecipe} goes by. */
export interface RecipeOptions {
  params: {
    spacing?: Triple;
    normalization: "auto" | NormalizationScheme[];
    order?: "resample-first" | "normalize-first";
  };
  /** Path of a model, whose recipe counts. */
  model?: string;
  /** Path of a plan, whose spacing, order, normalisation and transposition count where there is no parameter. */
  plan?: string;
  /** Cases to look at at a time. */
  workers: number;
  signal: AbortSignal;
  log(line: string): void;
}

/**
 * The recipe of a model, of a plan, or of the parameters.
 *
 * @throws {RangeError} If model, plan or parameters do not have the channels of the data set.
 */
export async function makeRecipe(dataset: Dataset, options: RecipeOptions): Promise<Recipe> {
  const { model } = options;
  if (model === undefined) {
    const plan = await planOfPlan(dataset, options) ?? await planOfParams(dataset, options);
    return { plan: { ...plan, ...planLabels(dataset) }, ...labelDescription(dataset) };
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

function planLabels(
  { labels, ignoreLabel, regions }: LabelDescription,
): Pick<PreprocessingPlan, "labels" | "ignoreLabel" | "regions"> {
  return {
    labels: labels.map(({ value }) => value),
    ignoreLabel,
    regions: regions?.map(({ values }) => values),
  };
}

/** The plan that is given, if one is; parameters go before it. */
async function planOfPlan(
  dataset: Dataset,
  options: RecipeOptions,
): Promise<PreprocessingPlan | undefined> {
  const { plan: path, params } = options;
  if (path === undefined) return undefined;
  const plan = await readPlan(path);
  if (String(plan.channelNames) !== String(dataset.channelNames)) {
    throw new RangeError(
      `Cannot preprocess the data set ${dataset.name} by the plan in '${path}': expected the ` +
        `channels ${plan.channelNames.join(", ")}, found ${dataset.channelNames.join(", ")}`,
    );
  }
  const { normalization } = params.normalization === "auto"
    ? plan
    : await planOfParams(dataset, options);
  return {
    transpose: plan.transpose,
    spacing: params.spacing ?? plan.spacing,
    order: params.order ?? plan.order,
    normalization,
  };
}

async function planOfParams(
  dataset: Dataset,
  { params, workers, signal, log }: RecipeOptions,
): Promise<PreprocessingPlan> {
  const { channelNames } = dataset;
  const schemes = params.normalization === "auto"
    ? channelNames.map((name) => normalizationScheme(name))
    : params.normalization;
  if (schemes.length !== channelNames.length) {
    throw new RangeError(
      `Cannot preprocess the data set ${dataset.name}: expected in 'normalization' a scheme for ` +
        `each of its channels (${channelNames.join(", ")}), found ${schemes.join(", ")}`,
    );
  }
  const { spacing, order = "resample-first" } = params;
  const isFree = schemes.every((scheme) => scheme !== "ct" && scheme !== "zscore") ||
    (dataset.training.length === 0 && !schemes.includes("ct"));
  if (isFree) return { spacing, order, normalization: schemes.map((scheme) => ({ scheme })) };
  log(`looking through the intensities and borders of ${dataset.training.length} cases`);
  const { cases, problems } = await fingerprintCases(dataset, {
    workers,
    // Without CT the borders alone count, and the intensities need not be known.
    samples: schemes.includes("ct") ? SAMPLES : 1,
    signal,
  });
  // Cases that cannot be used are named when they are preprocessed.
  if (cases.length === 0) {
    throw new Error(
      `Cannot preprocess the data set ${dataset.name}: expected a case that can be read, found ` +
        `none:\n${listProblems(dataset.training, problems)}`,
    );
  }
  return {
    spacing,
    order,
    normalization: planNormalization(fingerprintDataset(cases), { channelNames, schemes }),
  };
}
