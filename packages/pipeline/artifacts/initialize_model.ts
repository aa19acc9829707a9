import { loadStateDict, type MedNeXt, stateDict } from "@mednext/mednext";
import { upkern, type UpKernReport } from "@mednext/upkern";
import { readWeights } from "./model_folder.ts";

/** Where the first weights of a training come from. */
export type Initialization = "scratch" | "continue" | "upkern";

/** What {@linkcode initializeModel} needs. */
export interface InitializeModelOptions {
  /** Where the weights come from. */
  initialize: Initialization;
  /** Folder of the model to begin with; for `continue` and `upkern`. */
  init?: string;
  /** Shows a line. */
  log: (line: string) => void;
}

/**
 * Gives a new model its first weights.
 *
 * @returns The report of UpKern, if it was used.
 * @throws {RangeError} If there is a model to begin with and no use for it, or the other way round.
 */
export async function initializeModel(
  model: MedNeXt,
  { initialize, init, log }: InitializeModelOptions,
): Promise<UpKernReport | undefined> {
  if (initialize === "scratch") {
    if (init === undefined) return undefined;
    throw new RangeError(
      "Cannot start from scratch as the input 'init' is given: set 'initialize' to continue or upkern",
    );
  }
  if (init === undefined) {
    throw new RangeError(`Cannot initialize by '${initialize}' as the input 'init' is not given`);
  }
  const weights = await readWeights(init);
  if (initialize === "continue") {
    loadStateDict(model, weights);
    return undefined;
  }
  const { state, report } = upkern(weights, stateDict(model));
  loadStateDict(model, state);
  log(`UpKern: ${report.copied.length} weights copied, ${report.resized.length} kernels resized`);
  return report;
}
