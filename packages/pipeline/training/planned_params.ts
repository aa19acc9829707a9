import { readPlan } from "../artifacts/plan_folder.ts";
import type { TrainParams } from "../stages/params/train_params.ts";

/** What a plan says of a training. */
type Planned = Pick<TrainParams, "patchSize" | "batchSize" | "batchDice">;

/** The parameters as they are given: what a plan says may be left out. */
export type GivenTrainParams = Omit<TrainParams, keyof Planned> & Partial<Planned>;

/** Without a plan, the paper's. */
const PAPER: Planned = { patchSize: [128, 128, 128], batchSize: 2, batchDice: false };

/**
 * The parameters in full: what is given goes before what the plan says.
 *
 * @param given The parameters.
 * @param plan Path of a plan.
 */
export async function plannedParams(given: GivenTrainParams, plan?: string): Promise<TrainParams> {
  const planned = plan === undefined ? PAPER : await readPlan(plan);
  return {
    ...given,
    patchSize: given.patchSize ?? planned.patchSize,
    batchSize: given.batchSize ?? planned.batchSize,
    batchDice: given.batchDice ?? planned.batchDice,
  };
}
