/**
 * The built-in stage `train`: from preprocessed cases to a model.
 * @module
 */
import { type BackendName, memory, resetPeakMemory, setBackend } from "@mednext/kernels";
import { checkInput, createMedNeXt, type MedNeXt, type MedNeXtConfig } from "@mednext/mednext";
import { join } from "@std/path";
import { checkInitialization, initializeModel } from "../artifacts/initialize_model.ts";
import { writeJson } from "../artifacts/json_file.ts";
import { writeModelFolder } from "../artifacts/model_folder.ts";
import { modelProvenance } from "../artifacts/model_provenance.ts";
import { subsetOf } from "../artifacts/splits_file.ts";
import {
  cachedCases,
  readVolumesManifest,
  type VolumesManifest,
} from "../artifacts/volumes_folder.ts";
import type { Stage, StageContext } from "../stage.ts";
import { trainingBatches, validationBatches } from "../training/batches.ts";
import { loadBestWeights } from "../training/best_weights.ts";
import { type TrainingData, trainModel } from "../training/train_model.ts";
import type { TrainingHistory } from "../training/training_history.ts";
import { writeTrainingLog } from "../training/training_log.ts";
import { checkMemory } from "./check_memory.ts";
import { showBytes } from "./show_bytes.ts";
import {
  checkTrainParams,
  type TrainParams,
  trainParams,
  validationStepsOf,
} from "./train_params.ts";

type Inputs = { volumes: "volumes"; splits: "splits"; init: "model" };
type Outputs = { model: "model" };
type Context = StageContext<TrainParams, Inputs, Outputs, "splits" | "init">;

const train: Stage<TrainParams, Inputs, Outputs, "splits" | "init"> = {
  revision: 2,
  module: import.meta.url,
  description: "Trains a MedNeXt by the paper's recipe: Dice and cross-entropy, AdamW, poly decay",
  inputs: { volumes: "volumes", splits: "splits", init: "model" },
  optional: ["splits", "init"],
  outputs: { model: "model" },
  params: trainParams,
  seeded: true,
  resumable: true,
  check: (params, inputs) => {
    checkInitialization(params.initialize, inputs.has("init"));
    checkTrainParams(params);
  },
  async run(context) {
    const { params, in: inputs, compute, log } = context;
    await setBackend(compute.backend as BackendName, { threads: compute.threads });
    const manifest = await readVolumesManifest(inputs.volumes);
    const data = await trainingData(manifest, context);
    const network = describeNetwork(manifest, context);
    checkInput([params.batchSize, ...params.patchSize, network.inputChannels], {
      inputChannels: network.inputChannels,
      dimensions: 3,
    });
    const { patchSize, batchSize } = params;
    checkMemory({ networks: [network], patchSize, batchSize, training: true }, memory());
    const model = createMedNeXt(network);
    try {
      const { initialize } = params;
      const upkernReport = await initializeModel(model, { initialize, init: inputs.init, log });
      resetPeakMemory();
      const history = await trainModel(model, data, context);
      const { backend, peakBytes } = memory();
      if (peakBytes !== undefined) log(`${backend} held at most ${showBytes(peakBytes)}`);
      await writeModel(model, { context, manifest, network, history });
      if (upkernReport) {
        await writeJson(join(context.out.model, "upkern_report.json"), upkernReport);
      }
    } finally {
      model.dispose();
    }
  },
};

export default train;

function describeNetwork(
  { channelNames, labels }: VolumesManifest,
  { params, seed }: Pick<Context, "params" | "seed">,
): MedNeXtConfig {
  return {
    inputChannels: channelNames.length,
    classes: labels.length,
    kernelSize: params.kernelSize,
    deepSupervision: params.deepSupervision,
    seed,
    ...params.model,
  };
}

/** The cases of the fold, and those that are held back from it; fold `all` is looked at by its own cases. */
async function trainingData(
  manifest: VolumesManifest,
  { params, in: inputs, seed, log }: Context,
): Promise<TrainingData> {
  const load = cachedCases(inputs.volumes);
  const { fold } = params;
  const cases = async (subset: "training" | "validation") => ({
    ids: await subsetOf(manifest, { subset, fold, splits: inputs.splits }),
    load,
  });
  const training = trainingBatches(await cases("training"), params, seed);
  const names = manifest.labels.slice(1).map(({ name }) => name);
  if (validationStepsOf(params) === 0) return { training, names };
  if (fold === "all") log("fold all holds no case back: the pseudo Dice is that of training cases");
  return {
    training,
    names,
    validation: validationBatches(await cases("validation"), params, seed),
  };
}

/** Writes the model with the weights that are asked for, and says how the training went. */
async function writeModel(
  model: MedNeXt,
  { context, manifest, network, history }: {
    context: Context;
    manifest: VolumesManifest;
    network: MedNeXtConfig;
    history: TrainingHistory;
  },
): Promise<void> {
  const { params, out, scratch, log, summarize } = context;
  const { epochs, best } = history;
  if (params.weights === "best") {
    if (best !== undefined) await loadBestWeights(scratch, { model, epoch: best });
    else log("no epoch has a pseudo Dice, so the final weights are the model");
  }
  await Deno.mkdir(out.model);
  await writeModelFolder(out.model, {
    model,
    description: {
      network,
      labels: manifest.labels,
      channelNames: manifest.channelNames,
      plan: manifest.plan,
      patchSize: params.patchSize,
      mirrorAxes: params.mirrorAxes,
      training: { dataset: manifest.name, fold: params.fold, parameters: params },
      provenance: modelProvenance(context),
    },
  });
  // Where the clock has decided the learning rates, it belongs to what the model is.
  const timing = params.maxMinutes !== undefined;
  await writeTrainingLog(out.model, { epochs, timing });
  log(describe(history));
  const { pseudoDiceAverage } = epochs.at(-1)!;
  if (typeof pseudoDiceAverage === "number") summarize({ pseudo_dice: pseudoDiceAverage });
}

function describe({ epochs, best }: TrainingHistory): string {
  const { steps, pseudoDice, pseudoDiceAverage } = epochs.at(-1)!;
  const seconds = epochs.reduce((sum, epoch) => sum + epoch.seconds, 0);
  const waited = epochs.reduce((sum, epoch) => sum + epoch.seconds * epoch.waited, 0) / seconds;
  const time = `${steps} steps in ${seconds.toFixed(1)} s, ${
    (100 * waited).toFixed(1)
  } % of it waiting for batches`;
  if (best === undefined || typeof pseudoDice !== "number") return time;
  return `${time}; pseudo Dice ${pseudoDice.toFixed(3)}, moving average ${
    pseudoDiceAverage!.toFixed(3)
  }, best in epoch ${best}`;
}
