import {
  loadStateDict,
  type MedNeXt,
  modelConfig,
  resolveConfig,
  type ResolvedMedNeXtConfig,
  stateDict,
} from "@mednext/mednext";
import { upkern, type UpKernReport } from "@mednext/upkern";
import { readModelDescription } from "./model_description.ts";
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
 * Checks that there is a model to begin with where one is needed, and only there.
 *
 * @throws {RangeError} If there is a model and no use for it, or the other way round.
 */
export function checkInitialization(initialize: Initialization, hasInit: boolean): void {
  if (initialize === "scratch" && hasInit) {
    throw new RangeError(
      "Cannot start from scratch as the input 'init' is given: set 'initialize' to continue or upkern",
    );
  }
  if (initialize !== "scratch" && !hasInit) {
    throw new RangeError(`Cannot initialize by '${initialize}' as the input 'init' is not given`);
  }
}

/**
 * Gives a new model its first weights.
 *
 * @returns The report of UpKern, if it was used.
 * @throws {RangeError} If there is a model to begin with and no use for it, or the other way round;
 * or if it is of another architecture.
 */
export async function initializeModel(
  model: MedNeXt,
  { initialize, init, log }: InitializeModelOptions,
): Promise<UpKernReport | undefined> {
  checkInitialization(initialize, init !== undefined);
  if (init === undefined) return undefined;
  const { network } = await readModelDescription(init);
  checkArchitecture(resolveConfig(network), modelConfig(model), { initialize, init });
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

/** What two networks must share if the weights of one are to mean the same in the other. */
const SHARED = [
  "inputChannels",
  "classes",
  "baseChannels",
  "expansionRatios",
  "blockCounts",
  "norm",
  "grn",
  "residual",
  "residualResampling",
  "deepSupervision",
] as const;
const KERNELS = ["encoderKernelSize", "decoderKernelSize"] as const;

/** Says in a line what a list of hundreds of weights that do not fit would say. */
function checkArchitecture(
  from: ResolvedMedNeXtConfig,
  to: ResolvedMedNeXtConfig,
  { initialize, init }: Pick<InitializeModelOptions, "initialize" | "init">,
): void {
  const list = (names: readonly (keyof ResolvedMedNeXtConfig)[], config: ResolvedMedNeXtConfig) =>
    names.map((name) => `${name} ${JSON.stringify(config[name])}`).join(", ");
  const attempt = `Cannot initialize by '${initialize}' from the model in '${init}'`;
  const different = SHARED.filter((name) => `${from[name]}` !== `${to[name]}`);
  if (different.length > 0) {
    throw new RangeError(
      `${attempt}: expected the same network, ${list(different, to)}; found ${
        list(different, from)
      }`,
    );
  }
  const fits = (name: typeof KERNELS[number]) =>
    initialize === "upkern" ? from[name] <= to[name] : from[name] === to[name];
  if (KERNELS.every(fits)) return;
  const most = initialize === "upkern" ? "kernels that are not larger" : "the same kernels";
  throw new RangeError(
    `${attempt}: expected ${most}, ${list(KERNELS, to)}; found ${list(KERNELS, from)}`,
  );
}
