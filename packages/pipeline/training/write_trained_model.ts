import type { MedNeXt, MedNeXtConfig } from "@mednext/mednext";
import { writeModelFolder } from "../artifacts/model_folder.ts";
import type { ModelProvenance } from "../artifacts/model_description.ts";
import { modelProvenance } from "../artifacts/model_provenance.ts";
import type { VolumesManifest } from "../artifacts/volumes_folder.ts";
import type { StageContext } from "../stage.ts";
import type { TrainParams } from "../stages/params/train_params.ts";
import { loadBestWeights } from "./best_weights.ts";
import type { EpochRecord, TrainingHistory } from "./training_history.ts";
import { writeTrainingLog } from "./training_log.ts";

/** What a trained model is written from. */
export interface TrainedModel {
  /** Of the stage that has trained it. */
  context:
    & Pick<StageContext, "scratch" | "log" | "summarize" | "seed" | "compute">
    & { params: TrainParams; out: { model: string }; digests: ModelProvenance["inputs"] };
  manifest: VolumesManifest;
  network: MedNeXtConfig;
  history: TrainingHistory;
}

/**
 * Writes the `model` artifact with the weights that are asked for, and says how the training went.
 *
 * Times are part of it only where `maxMinutes` has let them decide the learning rates: without that, the same
 * training gives the same bytes, and nothing that was made from the model has to be made again.
 */
export async function writeTrainedModel(
  model: MedNeXt,
  { context, manifest, network, history }: TrainedModel,
): Promise<void> {
  const { params, out, scratch, log, summarize } = context;
  const { checkpointEvery: _, ...parameters } = params; // changes nothing, and is in no key
  const { epochs, best } = history;
  let epoch = epochs.at(-1)!;
  if (params.weights === "best" && best === undefined) {
    log("no epoch has a pseudo Dice, so the final weights are the model");
  } else if (params.weights === "best") {
    await loadBestWeights(scratch, { model, epoch: best! });
    epoch = epochs[best!];
  }
  await Deno.mkdir(out.model);
  await writeModelFolder(out.model, {
    model,
    description: {
      network,
      labels: manifest.labels,
      ignoreLabel: manifest.ignoreLabel,
      regions: manifest.regions,
      regionsClassOrder: manifest.regionsClassOrder,
      channelNames: manifest.channelNames,
      plan: manifest.plan,
      patchSize: params.patchSize,
      mirrorAxes: params.augmentation === "none" ? [] : params.mirrorAxes,
      training: { dataset: manifest.name, fold: params.fold, parameters },
      metrics: metricsOf(epoch),
      provenance: modelProvenance(context),
    },
  });
  await writeTrainingLog(out.model, { epochs, timing: params.maxMinutes !== undefined });
  log(describe(history));
  const { pseudoDiceAverage } = epoch;
  if (typeof pseudoDiceAverage === "number") summarize({ pseudo_dice: pseudoDiceAverage });
}

/** What is known of the weights by validation patches. */
function metricsOf(epoch: EpochRecord): Record<string, number> {
  const { validationLoss, pseudoDice, pseudoDiceAverage } = epoch;
  const entries = Object.entries({ validationLoss, pseudoDice, pseudoDiceAverage });
  return Object.fromEntries(
    entries.filter((entry): entry is [string, number] => typeof entry[1] === "number"),
  );
}

function describe({ epochs, best }: TrainingHistory): string {
  const { steps, pseudoDice, pseudoDiceAverage } = epochs.at(-1)!;
  const seconds = epochs.reduce((sum, epoch) => sum + epoch.seconds, 0);
  const waited = epochs.reduce((sum, epoch) => sum + epoch.seconds * epoch.waited, 0);
  const share = (100 * waited / seconds).toFixed(1);
  const time = `${steps} steps in ${seconds.toFixed(1)} s, ${share} % of it waiting for batches`;
  if (best === undefined || typeof pseudoDice !== "number") return time;
  const average = pseudoDiceAverage!.toFixed(3);
  const dice = `pseudo Dice ${pseudoDice.toFixed(3)}, moving average ${average}`;
  return `${time}; ${dice}, best after epoch ${best}`;
}
