import { toFileUrl } from "@std/path";
import { builtinStages, type StageLoader } from "../builtin_stages.ts";
import type { Pipeline } from "../graph/parse.ts";
import { PipelineError, type Problem } from "../graph/problem.ts";
import { didYouMean } from "../graph/suggest.ts";
import type { Stage } from "../stage.ts";
import type { Digest } from "./digest.ts";
import { digestModule } from "./module_digest.ts";

/** A stage that has been loaded. */
export interface ResolvedStage {
  /** The stage. */
  readonly stage: Stage;
  /** Package and path, without the version; `local` for files. */
  readonly identity: string;
  /** Digest of a local module and its local imports. */
  readonly source?: Digest;
  /** Version of the package it came from, where one is known. */
  readonly version?: string;
  /** What another process loads it by: a built-in stage's name, or a module. */
  readonly specifier?: string;
}

/** Options of {@linkcode resolveStages}. */
export interface ResolveOptions {
  /**
   * The stages known by a bare name.
   * @default {builtinStages}
   */
  builtins?: ReadonlyMap<string, StageLoader>;
}

/**
 * Loads every stage that a pipeline uses. This runs the code of their modules.
 *
 * @param pipeline The checked pipeline.
 * @param options The built-in stages.
 * @returns Stage name -> stage.
 * @throws {PipelineError} With every stage that cannot be loaded or is none.
 */
export async function resolveStages(
  pipeline: Pipeline,
  options: ResolveOptions = {},
): Promise<Map<string, ResolvedStage>> {
  const { builtins = builtinStages } = options;
  const resolved = new Map<string, ResolvedStage>();
  const problems: Problem[] = [];
  for (const [name, { uses }] of Object.entries(pipeline.spec.stages)) {
    try {
      resolved.set(name, await resolveOne(uses, pipeline, builtins));
    } catch (error) {
      problems.push({ path: ["stages", name, "uses"], text: (error as Error).message });
    }
  }
  if (problems.length > 0) throw new PipelineError("use", pipeline.origin, problems);
  return resolved;
}

async function resolveOne(
  uses: string,
  pipeline: Pipeline,
  builtins: ReadonlyMap<string, StageLoader>,
): Promise<ResolvedStage> {
  if (/^[a-z][a-z0-9_]*$/.test(uses)) {
    const load = builtins.get(uses);
    if (load === undefined) {
      const names = [...builtins.keys()];
      const list = names.join(", ") || "none";
      throw new TypeError(
        `no built-in stage "${uses}" (built-in stages: ${list})${didYouMean(uses, names)}`,
      );
    }
    const stage = checkStage((await load()).default, uses);
    const identity = `jsr:@mednext/pipeline/stages/${uses}`;
    return { stage, identity, ...(builtins === builtinStages ? { specifier: uses } : {}) };
  }
  if (/^(jsr|npm):/.test(uses)) {
    const stage = checkStage((await load(uses, uses)).default, uses);
    const identity = uses.replace(/^((?:jsr|npm):(?:@[^/]+\/)?[^/@]+)@[^/]+/, "$1");
    const version = /\/(\d+\.\d+\.\d+[^/]*)\//.exec(stage.module ?? "")?.[1];
    return { stage, identity, specifier: uses, ...(version === undefined ? {} : { version }) };
  }
  const url = new URL(uses, toFileUrl(pipeline.path));
  const source = await digestModule(url, uses);
  return {
    stage: checkStage((await load(url.href, uses)).default, uses),
    identity: "local",
    specifier: url.href,
    source,
  };
}

async function load(specifier: string, uses: string): Promise<{ default?: unknown }> {
  try {
    return await import(specifier);
  } catch (error) {
    const reason = (error as Error).message ?? String(error);
    throw new TypeError(`the module ${uses} cannot be loaded: ${reason}`, { cause: error });
  }
}

/** Checks that a default export is a stage. */
function checkStage(value: unknown, uses: string): Stage {
  const fail = (reason: string) =>
    new TypeError(`the default export of ${uses} must be a stage: ${reason}`);
  if (typeof value !== "object" || value === null) throw fail(`found ${typeName(value)}`);
  const stage = value as Partial<Record<keyof Stage, unknown>>;
  if (!Number.isInteger(stage.revision)) throw fail("revision must be a whole number");
  if (typeof stage.run !== "function") throw fail("run must be a function");
  for (const field of ["inputs", "outputs"] as const) {
    if (!isPorts(stage[field])) throw fail(`${field} must be an object of port -> kind`);
  }
  if (typeof stage.params !== "object" || stage.params === null) {
    throw fail("params must be a JSON Schema");
  }
  for (const port of Array.isArray(stage.optional) ? stage.optional : []) {
    if (!Object.hasOwn(stage.inputs as object, port)) {
      throw fail(`optional names the input "${port}", which is not there`);
    }
  }
  for (const [port, kind] of Object.entries(stage.outputs as Record<string, string>)) {
    if (kind.endsWith("[]")) throw fail(`the output "${port}" must not be a list`);
  }
  return value as Stage;
}

function typeName(value: unknown): string {
  return value === undefined ? "no default export" : value === null ? "null" : typeof value;
}

function isPorts(value: unknown): boolean {
  return typeof value === "object" && value !== null &&
    Object.entries(value).every(([port, kind]) =>
      /^[a-z][a-z0-9_]*$/.test(port) && typeof kind === "string"
    );
}
