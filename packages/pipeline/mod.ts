/**
 * The stage graph: a YAML file declares stages, a content-addressed cache decides what has to run.
 *
 * @module
 */
export { builtinStages, type StageLoader } from "./builtin_stages.ts";
export type {
  Compute,
  InputPath,
  InputPaths,
  JsonSchema,
  Kind,
  OutputPaths,
  Ports,
  ProgressEvent,
  Stage,
  StageContext,
} from "./stage.ts";
export { main, type MainOptions } from "./cli/main.ts";
import { runMain } from "./main.ts";

if (import.meta.main) await runMain();
