/**
 * The built-in stage `plan`: from a data set to how it is preprocessed and trained on.
 * @module
 */
import {
  type Dataset,
  type DatasetFingerprint,
  fingerprintDataset,
  makePlan,
  type PlanOverrides,
  readDataset,
} from "@mednext/data";
import { memory } from "@mednext/kernels";
import { checkInput, type MedNeXtConfig, resolveConfig } from "@mednext/mednext";
import { writePlanFolder } from "../artifacts/plan_folder.ts";
import { measureSpeeds } from "../planning/measure_speeds.ts";
import { KERNELS, networkNeeds, trainingBytes } from "../planning/network_needs.ts";
import { planLines, planMarkdown } from "../planning/plan_text.ts";
import { fingerprintCases, SAMPLES } from "../preprocessing/fingerprint_cases.ts";
import { listProblems } from "../preprocessing/list_problems.ts";
import type { Stage, StageContext } from "../stage.ts";
import { type PlanParams, planParams } from "./params/plan_params.ts";
import { selectBackend } from "./select_backend.ts";

type Inputs = { dataset: "dataset" };
type Outputs = { plan: "plan" };
type Context = StageContext<PlanParams, Inputs, Outputs>;

const plan: Stage<PlanParams, Inputs, Outputs> = {
  revision: 2,
  module: import.meta.url,
  description: "Chooses spacing, normalisation, patch and batch from the data and the memory",
  inputs: { dataset: "dataset" },
  outputs: { plan: "plan" },
  params: planParams,
  neutral: ["measureSpeed"],
  check({ patchSize }) {
    if (patchSize) checkInput([1, ...patchSize, 1], { inputChannels: 1, dimensions: 3 });
  },
  async run(context) {
    const { params, in: inputs, out, log, summarize } = context;
    await selectBackend(context);
    const dataset = await readDataset(inputs.dataset);
    const network = networkFor(dataset, params);
    const fingerprint = await fingerprintOf(dataset, context);
    const { plan, reasons } = makePlan(fingerprint, {
      dataset: dataset.name,
      channelNames: dataset.channelNames,
      budgetBytes: budgetBytes(params),
      memoryOf: (patchSize, batchSize) => trainingBytes(network, patchSize, batchSize),
      preset: params.preset,
      overrides: overridesOf(params),
    });
    const cases = fingerprint.case_ids.length;
    const needs = networkNeeds(plan, { network, cases });
    const text = {
      plan,
      reasons,
      fingerprint,
      labels: dataset.labels,
      network: describe(network),
      needs,
    };
    await writePlanFolder(out.plan, { plan, fingerprint, explanation: planMarkdown(text) });

    const speeds = params.measureSpeed ? await measureSpeeds(network, KERNELS) : undefined;
    planLines(text, { backend: memory().backend, speeds }).forEach(log);
    const { patchSize, batchSize } = plan;
    summarize({ patch_voxels: patchSize.reduce((a, b) => a * b), batch_size: batchSize });
  },
};

export default plan;

/** The network that the training will have. */
function networkFor({ channelNames, labels, regions }: Dataset, params: PlanParams): MedNeXtConfig {
  return {
    inputChannels: channelNames.length,
    classes: (regions ?? labels).length,
    deepSupervision: true,
    kernelSize: params.kernelSize,
    ...params.model,
  };
}

function describe(network: MedNeXtConfig): string {
  const { size, kernelSize, baseChannels } = resolveConfig(network);
  return `MedNeXt ${size} with kernel ${kernelSize} and ${baseChannels} channels`;
}

/** Gaps between tensors, and JavaScript's own memory, need the rest. */
const SHARE = 0.9;
/** What a backend is given that knows no limit, on a machine that does not tell. */
const UNKNOWN = 2 ** 32;

/** What is asked for, or else what backend and machine have. */
function budgetBytes({ memoryBudget }: PlanParams): number {
  if (memoryBudget !== undefined) return Math.floor(memoryBudget * 2 ** 30);
  const permission = { name: "sys", kind: "systemMemoryInfo" } as const;
  const isTold = Deno.permissions.querySync(permission).state === "granted";
  const machine = isTold ? Deno.systemMemoryInfo().total : UNKNOWN;
  return Math.floor(SHARE * Math.min(memory().limitBytes ?? machine, machine));
}

/** The choices that are parameters. */
function overridesOf(
  { spacing, transpose, order, normalization, patchSize, batchSize, batchDice }: PlanParams,
): PlanOverrides {
  return { spacing, transpose, order, normalization, patchSize, batchSize, batchDice };
}

/** Looks at all cases with labels; those that cannot be used are named together, when all have been seen. */
async function fingerprintOf(
  dataset: Dataset,
  { compute, signal, progress }: Pick<Context, "compute" | "signal" | "progress">,
): Promise<DatasetFingerprint> {
  const { name, training } = dataset;
  const total = training.length;
  if (total === 0) {
    throw new RangeError(
      `Cannot plan for the data set ${name}: expected cases with labels, found none`,
    );
  }
  const { cases, problems } = await fingerprintCases(dataset, {
    workers: compute.threads || navigator.hardwareConcurrency,
    samples: SAMPLES,
    signal,
    onProgress: (done, id) => progress({ done, total, unit: "cases", message: id }),
  });
  if (problems.size === 0) return fingerprintDataset(cases);
  throw new Error(
    `Cannot plan for the data set ${name}: expected ${total} cases that can be used, ` +
      `${problems.size} cannot:\n${listProblems(training, problems)}`,
  );
}
