import { memory } from "@mednext/kernels";
import type { Triple } from "@mednext/data";
import { checkInput } from "@mednext/mednext";
import type { ModelDescription } from "../artifacts/model_description.ts";
import { type LoadedModel, loadModel } from "../artifacts/model_folder.ts";
import { firstDifference } from "../run/why.ts";
import { checkMemory } from "../stages/check_memory.ts";

/** Models whose predictions are averaged: they share labels and preprocessing. */
export interface Ensemble {
  /** The networks. */
  models: LoadedModel["model"][];
  /** What they share, and what the first is. */
  description: ModelDescription;
  /** The patch that the networks see: voxels along D, H, W. */
  patchSize: Triple;
  /** Frees the networks. */
  dispose(): void;
}

/**
 * Loads models that are to be averaged. The backend must be chosen before.
 *
 * @param folders Their folders, one or more.
 * @param options The patch, where it is not that of the first model's training.
 * @returns The ensemble; the caller disposes it.
 * @throws {Error} If a folder holds no model.
 * @throws {RangeError} If they do not share labels and preprocessing, or the patch is none of theirs or does not
 * fit into memory.
 */
export async function loadEnsemble(
  folders: readonly string[],
  options: { patchSize?: Triple } = {},
): Promise<Ensemble> {
  // The estimate counts the weights of the models, so what there is is asked before they are loaded.
  const available = memory();
  const loaded: LoadedModel[] = [];
  const dispose = () => loaded.forEach(({ model }) => model.dispose());
  try {
    for (const folder of folders) {
      loaded.push(await loadModel(folder));
      checkSame(loaded[0].description, loaded.at(-1)!.description, [folders[0], folder]);
    }
    const { description } = loaded[0];
    const { patchSize = description.patchSize } = options;
    const { inputChannels } = description.network;
    checkInput([1, ...patchSize, inputChannels], { inputChannels, dimensions: 3 });
    const networks = loaded.map(({ description }) => description.network);
    checkMemory({ networks, patchSize, batchSize: 1, training: false }, available);
    return { models: loaded.map(({ model }) => model), description, patchSize, dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

/** What must be equal if the outputs of two networks are to mean the same. */
function shared({ labels, regions, regionsClassOrder, plan }: ModelDescription) {
  const { seed: _, ...preprocessing } = plan;
  return {
    labels: labels.map(({ value }) => value),
    regions: regions?.map(({ values }) => values),
    regionsClassOrder,
    plan: preprocessing,
  };
}

function checkSame(
  first: ModelDescription,
  other: ModelDescription,
  [firstFolder, folder]: [string, string],
): void {
  const [a, b] = [shared(first), shared(other)];
  for (const field of ["labels", "regions", "regionsClassOrder", "plan"] as const) {
    const difference = firstDifference(a[field], b[field], field);
    if (difference === undefined) continue;
    throw new RangeError(
      `Cannot average the models in '${firstFolder}' and '${folder}': expected the same labels and ` +
        `preprocessing, found ${difference}`,
    );
  }
}
