import { basename, dirname, resolve } from "@std/path";
import { coreSchema } from "../schema/core_schema.ts";
import { checkAgainst } from "./check.ts";
import { override } from "./override.ts";
import { type Origin, PipelineError, type Problem } from "./problem.ts";
import { type PipelineSpec, toSpec } from "./spec.ts";
import { didYouMean } from "./suggest.ts";
import { parseYaml, YamlError } from "./yaml.ts";

/** A pipeline file that has been read and checked. */
export interface Pipeline {
  /** Absolute path of the file. */
  readonly path: string;
  /** Absolute path of the folder it stands in; paths in the file are relative to it. */
  readonly folder: string;
  /** For messages. */
  readonly origin: Origin;
  /** What it says. */
  readonly spec: PipelineSpec;
}

/** Options of {@linkcode parsePipeline}. */
export interface ParseOptions {
  /**
   * Assignments `path=value` that change the document before it is checked.
   * @default {[]}
   */
  set?: readonly string[];
  /**
   * What relative paths in `set` are relative to.
   * @default {Deno.cwd()}
   */
  directory?: string;
}

/**
 * Checks the text of a pipeline file.
 *
 * @param text The YAML text.
 * @param path The file it comes from; need not exist.
 * @param options Changes from the command line.
 * @returns The checked pipeline.
 * @throws {PipelineError} With every problem that the schema finds.
 */
export function parsePipeline(text: string, path: string, options: ParseOptions = {}): Pipeline {
  const { set = [], directory = Deno.cwd() } = options;
  const absolute = resolve(directory, path);
  const read: Origin = { file: basename(path), text };
  const { value, problems } = parseText(read);
  if (problems.length > 0) throw new PipelineError("read", read, problems);
  const overrides = set.map((assignment) => override(value, assignment, directory));
  const origin: Origin = { ...read, overrides };
  const found = checkAgainst(coreSchema, value);
  if (found.length > 0) throw new PipelineError("read", origin, found);
  const spec = toSpec(value);
  const names = checkNames(spec);
  if (names.length > 0) throw new PipelineError("read", origin, names);
  return { path: absolute, folder: dirname(absolute), origin, spec };
}

function parseText(origin: Origin) {
  try {
    return parseYaml(origin.text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const line = error instanceof YamlError ? { line: error.line } : {};
    throw new PipelineError("read", origin, [{ path: [], text: error.message, ...line }]);
  }
}

/** What a JSON Schema cannot say about names. */
function checkNames({ stages, matrix }: PipelineSpec): Problem[] {
  const problems: Problem[] = [];
  if (Object.hasOwn(stages, "sources")) {
    const text = `the name "sources" is taken: references use it for outside files`;
    problems.push({ path: ["stages", "sources"], text });
  }
  for (const [name, { each }] of Object.entries(stages)) {
    for (const axis of each) {
      if (Object.hasOwn(matrix, axis)) continue;
      const axes = Object.keys(matrix);
      const list = axes.join(", ") || "none";
      problems.push({
        path: ["stages", name, "each"],
        text: `unknown axis "${axis}" (axes of matrix: ${list})${didYouMean(axis, axes)}`,
      });
    }
  }
  return problems;
}
