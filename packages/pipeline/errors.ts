/**
 * The errors that a run ends with, for programs that tell them apart.
 * @module
 */
export { PipelineError, type Problem } from "./graph/problem.ts";
export { InterruptedError, StageError } from "./run/errors.ts";
export { WriteError } from "./run/file_system.ts";
