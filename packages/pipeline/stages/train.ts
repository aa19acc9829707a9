/**
 * The built-in stage `train`: from preprocessed cases to a model.
 * @module
 */
import { type CaseSource, sampleBatch } from "@mednext/data";
import { type BackendName, memory, resetPeakMemory, setBackend } from "@mednext/kernels";
import { checkInput, createMedNeXt, type MedNeXt, type MedNeXtConfig } from "@mednext/mednext";
import { createFitState, fit, type TrainStepReport } from "@mednext/segment";
import { join } from "@std/path";
import { checkInitialization, initializeModel } from "../artifacts/initialize_model.ts";
import { writeJson } from "../artifacts/json_file.ts";
import { writeModelFolder } from "../artifacts/model_folder.ts";
import { modelProvenance } from "../artifacts/model_provenance.ts";
import { subsetOf } from "../artifacts/splits_file.ts";
import {
  restoreCheckpoint,
  type TrainingHistory,
  writeCheckpoint,
} from "../artifacts/training_checkpoint.ts";
import {
  cachedCases,
  readVolumesManifest,
  type VolumesManifest,
} from "../artifacts/volumes_folder.ts";
import type { Stage, StageContext } from "../stage.ts";
import { checkMemory } from "./check_memory.ts";
import { showBytes } from "./show_bytes.ts";
import { type TrainParams, trainParams } from "./train_params.ts";

type Inputs = { volumes: "volumes"; splits: "splits"; init: "model" };
type Outputs = { model: "model" };
type Context = StageContext<TrainParams, Inputs, Outputs, "splits" | "init">;

const train: Stage<TrainParams, Inputs, Outputs, "splits" | "init"> = {
  revision: 1,
  module: import.meta.url,
  description: "Trains a MedNeXt by the paper's recipe: Dice and cross-entropy, AdamW, poly decay",
  inputs: { volumes: "volumes", splits: "splits", init: "model" },
  optional: ["splits", "init"],
  outputs: { model: "model" },
  params: trainParams,
  seeded: true,
  resumable: true,
  check: ({ initialize }, inputs) => checkInitialization(initialize, inputs.has("init")),
  async run(context) {
    const { params, in: inputs, out, compute, log } = context;
    await setBackend(compute.backend as BackendName, { threads: compute.threads });
    const manifest = await readVolumesManifest(inputs.volumes);
    const ids = await subsetOf(manifest, {
      subset: "training",
      fold: params.fold,
      splits: inputs.splits,
    });
    const network = describeNetwork(manifest, context);
    checkInput([params.batchSize, ...params.patchSize, network.inputChannels], {
      inputChannels: network.inputChannels,
      dimensions: 3,
    });
    const { patchSize, batchSize } = params;
    checkMemory({ networks: [network], patchSize, batchSize, training: true }, memory());
    const model = createMedNeXt(network);
    try {
      const upkernReport = await initializeModel(model, {
        initialize: params.initialize,
        init: inputs.init,
        log,
      });
      const cases = { ids, load: cachedCases(inputs.volumes) };
      resetPeakMemory();
      const history = await trainModel(model, cases, context);
      const { backend, peakBytes } = memory();
      if (peakBytes !== undefined) log(`${backend} held at most ${showBytes(peakBytes)}`);
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
      const lines = history.epochs.map((epoch) => JSON.stringify(epoch) + "\n");
      await Deno.writeTextFile(join(out.model, "training_log.jsonl"), lines.join(""));
      if (upkernReport) await writeJson(join(out.model, "upkern_report.json"), upkernReport);
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

/** Trains to the end, from the checkpoint of an earlier run if there is one. */
async function trainModel(
  model: MedNeXt,
  cases: CaseSource,
  { params, seed, scratch, signal, progress, log }: Context,
): Promise<TrainingHistory> {
  const { epochs, stepsPerEpoch, batchSize, patchSize, mirrorAxes, foregroundFraction } = params;
  const state = createFitState(model, {
    totalSteps: epochs * stepsPerEpoch,
    maxGradientNorm: params.maxGradientNorm,
    loss: { batchDice: params.batchDice },
    ...params.optimizer,
  });
  try {
    const restored = await restoreCheckpoint(scratch, { state, log });
    if (restored) log(`going on at step ${state.step} of ${state.options.totalSteps}`);
    const history = restored ?? { epochs: [], losses: [] };
    const checkpoint = () => writeCheckpoint(scratch, { state, history });
    try {
      await fit(state, {
        batches: async (step) => {
          const { images, labels, shape } = await sampleBatch(cases, {
            seed,
            step,
            batchSize,
            patchSize,
            foregroundFraction,
            mirrorAxes,
          });
          const [n, d, h, w, channels] = shape;
          return { images, labels, shape: [n, d, h, w], channels };
        },
        onStep: (report) => {
          record(history, report, stepsPerEpoch);
          progress({
            done: report.step + 1,
            total: state.options.totalSteps,
            unit: "steps",
            message: describe(history, report),
          });
        },
        onCheckpoint: checkpoint,
        checkpointEvery: params.checkpointEvery * stepsPerEpoch,
        signal,
      });
    } catch (error) {
      if (signal.aborted) await checkpoint();
      throw error;
    }
    return history;
  } finally {
    state.dispose();
  }
}

/** Adds a step to the history, and the epoch when it is whole. */
function record(
  history: TrainingHistory,
  { step, loss, learningRate }: TrainStepReport,
  stepsPerEpoch: number,
): void {
  history.losses.push(loss);
  if ((step + 1) % stepsPerEpoch !== 0) return;
  const mean = history.losses.reduce((sum, value) => sum + value, 0) / history.losses.length;
  history.epochs.push({ epoch: history.epochs.length, loss: mean, learningRate });
  history.losses = [];
}

function describe({ epochs }: TrainingHistory, { loss, milliseconds }: TrainStepReport): string {
  const shown = epochs.at(-1)?.loss ?? loss;
  return `epoch ${epochs.length}, loss ${shown.toFixed(3)}, ${Math.round(milliseconds)} ms a step`;
}
