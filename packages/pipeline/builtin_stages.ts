import type { Stage } from "./stage.ts";

/** Loads the module of a stage, whose default export is the stage. */
export type StageLoader = () => Promise<{ default: Stage }>;

/**
 * The stages that `uses:` knows by a bare name. Each is loaded on first use only, so that `plan` on
 * a graph of small stages never loads a network.
 */
export const builtinStages: ReadonlyMap<string, StageLoader> = new Map<string, StageLoader>([
  ["plan", () => import("./stages/plan.ts")],
  ["preprocess", () => import("./stages/preprocess.ts")],
  ["train", () => import("./stages/train.ts")],
  ["infer", () => import("./stages/infer.ts")],
  ["evaluate", () => import("./stages/evaluate.ts")],
  ["compare", () => import("./stages/compare.ts")],
  ["postprocess", () => import("./stages/postprocess.ts")],
  ["ensemble", () => import("./stages/ensemble.ts")],
  ["find_best", () => import("./stages/find_best.ts")],
]);
