import type { StageLoader } from "./builtin_stages.ts";
import { loadPlan } from "./run/plan.ts";
import type { Reporter } from "./run/reporter.ts";
import { type InstanceResult, runPlan } from "./run/runner.ts";

export type { InstanceResult } from "./run/runner.ts";
export type { Outcome, Reporter } from "./run/reporter.ts";

/** Options of {@linkcode runPipeline}. */
export interface RunPipelineOptions {
  /**
   * Stages (`train`) or instances (`train@fold=2`) to run, with everything they need; none means
   * all.
   * @default {[]}
   */
  targets?: readonly string[];
  /**
   * Assignments `path=value` that change the document before it is checked, such as
   * `stages.train.with.epochs=5`.
   * @default {[]}
   */
  set?: readonly string[];
  /**
   * Minutes that each training may take, and every other stage with a parameter `maxMinutes`.
   * @default What the file says
   */
  maxMinutes?: number;
  /**
   * What relative paths in `set` are relative to.
   * @default {Deno.cwd()}
   */
  directory?: string;
  /**
   * Runs the targets even if their results are there.
   * @default {false}
   */
  force?: boolean;
  /**
   * Goes on after an error with everything that does not need what failed.
   * @default {false}
   */
  keepGoing?: boolean;
  /**
   * Stops the run: the running stage saves its checkpoint.
   * @default {undefined}
   */
  signal?: AbortSignal;
  /**
   * Hears what happens.
   * @default A reporter that says nothing.
   */
  reporter?: Reporter;
  /**
   * The stages that `uses` knows by a bare name.
   * @default {builtinStages}
   */
  builtins?: ReadonlyMap<string, StageLoader>;
}

/**
 * Runs a pipeline file: whatever is not up to date, in order. The same as the command `run`, for
 * programs.
 *
 * @param path The YAML file.
 * @param options What to run, what to change in the file, who hears what happens.
 * @returns What became of each instance, in order, with the paths of its outputs in the store.
 * @throws {PipelineError} If the file or the graph is wrong.
 * @throws {StageError} If a stage fails, unless `keepGoing`.
 * @throws {InterruptedError} If `signal` stopped it.
 * @throws {WriteError} If the disk refuses to write.
 *
 * @example A pipeline of one local stage
 * ```ts
 * import { runPipeline } from "@mednext/pipeline";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.writeTextFile(
 *   `${folder}/hello.ts`,
 *   `export default {
 *     revision: 1,
 *     inputs: {},
 *     outputs: { text: "text" },
 *     params: { type: "object", properties: { name: { type: "string", default: "world" } } },
 *     run: ({ params, out }) => Deno.writeTextFile(out.text, "hello " + params.name),
 *   };`,
 * );
 * await Deno.writeTextFile(
 *   `${folder}/pipeline.yaml`,
 *   `pipeline: 1\nname: greeting\nstages:\n  hello: { uses: ./hello.ts }\n`,
 * );
 *
 * const [first] = await runPipeline(`${folder}/pipeline.yaml`);
 * assertEquals([first.id, first.outcome], ["hello", "ran"]);
 * assertEquals(await Deno.readTextFile(first.outputs.text), "hello world");
 *
 * const [second] = await runPipeline(`${folder}/pipeline.yaml`);
 * assertEquals(second.outcome, "fresh");
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function runPipeline(
  path: string,
  options: RunPipelineOptions = {},
): Promise<InstanceResult[]> {
  return await runPlan(await loadPlan(path, options), options);
}
