import { basename, isAbsolute, join, normalize, resolve } from "@std/path";
import { bind, type BoundInstance } from "../graph/bind.ts";
import { checkAgainst } from "../graph/check.ts";
import { expand } from "../graph/expand.ts";
import { order } from "../graph/order.ts";
import { type ParseOptions, parsePipeline, type Pipeline } from "../graph/parse.ts";
import { checkPorts } from "../graph/ports.ts";
import { PipelineError, type Problem } from "../graph/problem.ts";
import { didYouMean } from "../graph/suggest.ts";
import { isInside } from "./digest.ts";
import { TargetError } from "./errors.ts";
import { type ResolvedStage, type ResolveOptions, resolveStages } from "./resolve.ts";

/** A pipeline that is ready to run: checked, its stages loaded, its instances bound and ordered. */
export interface Plan {
  /** The pipeline file. */
  readonly pipeline: Pipeline;
  /** Stage name -> stage. */
  readonly stages: ReadonlyMap<string, ResolvedStage>;
  /** The instances in an order in which they can run. Their `with` has its defaults filled in. */
  readonly instances: readonly BoundInstance[];
}

/** Options of {@linkcode loadPlan}. */
export interface PlanOptions extends ParseOptions, ResolveOptions {
  /**
   * Minutes that each stage with a parameter `maxMinutes` may take, instead of what the file says.
   * @default {undefined}
   */
  maxMinutes?: number;
}

/**
 * Reads a pipeline file and checks everything that can be checked before anything runs.
 *
 * @param path The YAML file.
 * @param options Changes from the command line.
 * @returns What can be run.
 * @throws {PipelineError} If the file or the graph is wrong.
 */
export async function loadPlan(path: string, options: PlanOptions = {}): Promise<Plan> {
  const pipeline = await loadPipeline(path, options);
  const expanded = expand(pipeline);
  const ordered = order(pipeline, bind(pipeline, expanded));
  const stages = await resolveStages(pipeline, options);
  checkPorts(pipeline, new Map([...stages].map(([name, { stage }]) => [name, stage])));
  const instances = limit(ordered, stages, options.maxMinutes);
  checkParameters(pipeline, instances, stages);
  checkPublished(pipeline);
  return { pipeline, stages, instances };
}

/** Sets the time of every stage that can be told when to end. */
function limit(
  instances: readonly BoundInstance[],
  stages: ReadonlyMap<string, ResolvedStage>,
  maxMinutes: number | undefined,
): readonly BoundInstance[] {
  if (maxMinutes === undefined) return instances;
  const takes = ({ stage }: BoundInstance) => {
    const { properties = {} } = stages.get(stage)!.stage.params;
    return Object.hasOwn(properties as Record<string, unknown>, "maxMinutes");
  };
  if (instances.some(takes)) {
    return instances.map((instance) =>
      takes(instance) ? { ...instance, with: { ...instance.with, maxMinutes } } : instance
    );
  }
  throw new Error("Cannot limit the minutes: no stage of this pipeline has a parameter maxMinutes");
}

/**
 * Reads a pipeline file and checks it by itself, without its stages.
 *
 * @param path The YAML file.
 * @param options Changes from the command line.
 * @returns The pipeline.
 * @throws {PipelineError} If the file is wrong.
 */
export async function loadPipeline(path: string, options: ParseOptions = {}): Promise<Pipeline> {
  return parsePipeline(await readText(path), path, options);
}

async function readText(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    const reason = error instanceof Deno.errors.NotFound
      ? "no such file"
      : (error as Error).message.replace(/ \(os error.*$/s, "");
    throw new Error(`Cannot read the pipeline file ${path}: ${reason}`, { cause: error });
  }
}

/** Checks `with` against the schema of each stage and fills in its defaults, in place. */
function checkParameters(
  pipeline: Pipeline,
  instances: readonly BoundInstance[],
  stages: ReadonlyMap<string, ResolvedStage>,
): void {
  const problems = new Map<string, Problem>();
  for (const instance of instances) {
    for (const problem of checkOne(instance, stages)) {
      problems.set(JSON.stringify(problem), problem);
    }
  }
  if (problems.size > 0) throw new PipelineError("read", pipeline.origin, [...problems.values()]);
}

function checkOne(
  { stage: name, with: parameters, inputs }: BoundInstance,
  stages: ReadonlyMap<string, ResolvedStage>,
): Problem[] {
  const { stage } = stages.get(name)!;
  const place = ["stages", name, "with"];
  let problems: Problem[];
  try {
    problems = checkAgainst(stage.params, parameters, place);
  } catch (error) {
    const text = `its params are no JSON Schema of draft-07: ${(error as Error).message}`;
    return [{ path: ["stages", name, "uses"], text }];
  }
  if (problems.length > 0) return problems;
  try {
    stage.check?.(structuredClone(parameters), countsOf(inputs));
    return [];
  } catch (error) {
    return [{ path: place, text: error instanceof Error ? error.message : String(error) }];
  }
}

/** How many paths each bound port takes. */
function countsOf(inputs: BoundInstance["inputs"]): Map<string, number> {
  return new Map(Object.entries(inputs).map(([port, { from }]) => [port, from.length]));
}

/** Where a stage publishes a port: an absolute path. */
export function publishedPath(pipeline: Pipeline, path: string): string {
  return isAbsolute(path) ? path : resolve(pipeline.folder, path);
}

/** Published files must not hit the pipeline's own files, its sources, or each other. */
function checkPublished(pipeline: Pipeline): void {
  const { spec, folder, origin } = pipeline;
  const problems: Problem[] = [];
  const taken = new Map<string, string>();
  const own = [pipeline.path, join(folder, `${spec.name}.lock.json`), join(folder, ".mednext")];
  const sources = Object.values(spec.sources).map(({ path }) => resolve(folder, path));
  for (const [stage, { publish }] of Object.entries(spec.stages)) {
    for (const [port, path] of Object.entries(publish)) {
      const target = normalize(publishedPath(pipeline, path));
      const given = origin.overrides?.includes(`stages.${stage}.publish.${port}`);
      const other = taken.get(target);
      const text = !given && (isAbsolute(path) || !isInside(target, folder) || target === folder)
        ? `must be a path below the folder of ${
          basename(pipeline.path)
        }: current value is "${path}"`
        : own.some((file) => isInside(target, file) || isInside(file, target))
        ? `must not be a file of the pipeline itself: current value is "${path}"`
        : sources.some((source) => isInside(target, source))
        ? `must not lie inside of a source: current value is "${path}"`
        : other !== undefined
        ? `must be a path of its own: ${other} is published at "${path}" too`
        : undefined;
      if (text !== undefined) problems.push({ path: ["stages", stage, "publish", port], text });
      taken.set(target, `${stage}.${port}`);
    }
  }
  if (problems.length > 0) throw new PipelineError("read", origin, problems);
}

/**
 * Picks instances by name, with everything they need.
 *
 * @param plan The plan.
 * @param targets Stages (`train`) or instances (`train@fold=2`); none means all.
 * @returns The instances in order.
 * @throws {TargetError} If a target is not there.
 */
export function selectTargets(plan: Plan, targets: readonly string[]): BoundInstance[] {
  if (targets.length === 0) return [...plan.instances];
  const wanted = new Set<string>();
  const byId = new Map(plan.instances.map((instance) => [instance.id, instance]));
  const add = (instance: BoundInstance) => {
    if (wanted.has(instance.id)) return;
    wanted.add(instance.id);
    if (plan.pipeline.spec.stages[instance.stage].run.frozen) return; // cut from what it came from
    for (const { from } of Object.values(instance.inputs)) {
      for (const origin of from) if ("instance" in origin) add(byId.get(origin.instance)!);
    }
  };
  for (const target of targets) {
    const hits = plan.instances.filter(({ id, stage }) => id === target || stage === target);
    if (hits.length === 0) throw new TargetError(unknownTarget(target, plan));
    hits.forEach(add);
  }
  return plan.instances.filter(({ id }) => wanted.has(id));
}

function unknownTarget(target: string, { instances, pipeline }: Plan): string {
  const names = Object.keys(pipeline.spec.stages);
  const [stage] = target.split("@");
  const known = names.includes(stage)
    ? instances.filter((one) => one.stage === stage).map(({ id }) => id)
    : names;
  const list = `${known === names ? "stages" : "instances"}: ${known.join(", ")}`;
  const attempt = `Cannot find the target "${target}" in ${pipeline.origin.file}`;
  return `${attempt} (${list})${didYouMean(target, known)}`;
}
