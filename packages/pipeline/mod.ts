/**
 * The whole life of a segmentation model in one YAML file: it declares stages, and a
 * content-addressed cache decides what has to run.
 *
 *     deno run -A pipeline.yaml
 *
 * @module
 */
export { builtinStages, type StageLoader } from "./builtin_stages.ts";
export { InterruptedError, PipelineError, type Problem, StageError, WriteError } from "./errors.ts";
export { runMain } from "./main.ts";
export {
  type InstanceResult,
  type Outcome,
  type Reporter,
  runPipeline,
  type RunPipelineOptions,
} from "./run_pipeline.ts";
export { stageConformance, type StageConformanceOptions } from "./stage_conformance.ts";
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
