/**
 * The built-in stage `train`: from preprocessed cases to a model.
 * @module
 */
import { memory, resetPeakMemory } from "@mednext/kernels";
import { checkInput, createMedNeXt, type MedNeXtConfig } from "@mednext/mednext";
import { join } from "@std/path";
import { checkInitialization, initializeModel } from "../artifacts/initialize_model.ts";
import { writeJson } from "../artifacts/json_file.ts";
import { subsetOf } from "../artifacts/splits_file.ts";
import {
  casePath,
  readVolumesManifest,
  type VolumesManifest,
} from "../artifacts/volumes_folder.ts";
import type { Stage, StageContext } from "../stage.ts";
import { absentNotes } from "../training/absent_notes.ts";
import { trainingBatches, validationBatches } from "../training/batches.ts";
import { type GivenTrainParams, plannedParams } from "../training/planned_params.ts";
import { type TrainingData, trainModel } from "../training/train_model.ts";
import { trainingTarget } from "../training/training_target.ts";
import { writeTrainedModel } from "../training/write_trained_model.ts";
import { checkMemory } from "./check_memory.ts";
import { selectBackend } from "./select_backend.ts";
import { showBytes } from "./show_bytes.ts";
import {
  checkTrainParams,
  type TrainParams,
  trainParams,
  validationStepsOf,
} from "./params/train_params.ts";

type Inputs = { volumes: "volumes"; splits: "splits"; plan: "plan"; init: "model" };
type Optional = "splits" | "plan" | "init";
type Outputs = { model: "model" };
type Context = StageContext<TrainParams, Inputs, Outputs, Optional>;

const train: Stage<GivenTrainParams, Inputs, Outputs, Optional> = {
  revision: 2,
  module: import.meta.url,
  description: "Trains a MedNeXt by the paper's recipe: Dice and cross-entropy, AdamW, poly decay",
  inputs: { volumes: "volumes", splits: "splits", plan: "plan", init: "model" },
  optional: ["splits", "plan", "init"],
  outputs: { model: "model" },
  params: trainParams,
  seeded: true,
  resumable: true,
  neutral: ["checkpointEvery"],
  ownProcess: true,
  check: (params, inputs) => {
    checkInitialization(params.initialize, inputs.has("init"));
    checkTrainParams(params);
  },
  async run(given) {
    const params = await plannedParams(given.params, given.in.plan);
    const context = { ...given, params };
    const { in: inputs, log } = context;
    await selectBackend(context);
    const manifest = await readVolumesManifest(inputs.volumes);
    const data = await trainingData(manifest, context);
    const network = describeNetwork(manifest, context);
    checkInput([params.batchSize, ...params.patchSize, network.inputChannels], {
      inputChannels: network.inputChannels,
      dimensions: 3,
    });
    const { patchSize, batchSize, accumulate } = params;
    if (inputs.plan !== undefined) {
      log(`with the plan: ${batchSize} x ${patchSize.join(" x ")} voxels a step`);
    }
    const work = { networks: [network], patchSize, batchSize, accumulate, training: true };
    checkMemory(work, memory());
    const model = createMedNeXt(network);
    try {
      const { initialize } = params;
      const upkernReport = await initializeModel(model, { initialize, init: inputs.init, log });
      resetPeakMemory();
      const history = await trainModel(model, data, context);
      const { backend, peakBytes } = memory();
      if (peakBytes !== undefined) log(`${backend} held at most ${showBytes(peakBytes)}`);
      await writeTrainedModel(model, { context, manifest, network, history });
      if (upkernReport) {
        await writeJson(join(context.out.model, "upkern_report.json"), upkernReport);
      }
    } finally {
      data.close();
      model.dispose();
    }
  },
};

export default train;

function describeNetwork(
  manifest: VolumesManifest,
  { params, seed }: Pick<Context, "params" | "seed">,
): MedNeXtConfig {
  return {
    inputChannels: manifest.channelNames.length,
    classes: trainingTarget(manifest).outputs,
    kernelSize: params.kernelSize,
    deepSupervision: params.deepSupervision,
    seed,
    ...params.model,
  };
}

/** The cases of the fold, and those that are held back from it; fold `all` is looked at by its own cases. */
async function trainingData(
  manifest: VolumesManifest,
  { params, in: inputs, seed, compute, signal, log }: Context,
): Promise<TrainingData & { close(): void }> {
  const { fold } = params;
  const { loaderWorkers: workers = 1 } = compute;
  const cases = async (subset: "training" | "validation") => {
    const ids = await subsetOf(manifest, { subset, fold, splits: inputs.splits });
    return ids.map((id) => ({ id, path: casePath(inputs.volumes, id) }));
  };
  const options = { seed, maskedChannels: maskedChannels(manifest), workers, signal };
  const target = trainingTarget(manifest);
  const own = await cases("training");
  for (const line of await absentNotes(own, target.names)) log(line);
  const training = trainingBatches(own, params, options);
  const data = { training: training.batches, target, close: training.close };
  if (validationStepsOf(params) === 0) return data;
  if (fold === "all") log("fold all holds no case back: the pseudo Dice is that of training cases");
  const validation = validationBatches(await cases("validation"), params, options);
  return { ...data, validation: validation.batches };
}

/** The channels that were normalised within the mask. */
function maskedChannels({ plan: { normalization } }: VolumesManifest): number[] {
  return [...normalization.keys()].filter((channel) => {
    const { scheme, insideMask = false } = normalization[channel];
    return scheme === "zscore" && insideMask;
  });
}
