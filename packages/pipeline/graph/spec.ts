import type { Compute } from "../stage.ts";

/** One coordinate on an axis of the matrix. */
export type Coordinate = string | number;

/** A pipeline file after its check, with every optional part filled in. */
export interface PipelineSpec {
  readonly name: string;
  readonly seed: number;
  readonly compute: Compute;
  readonly matrix: Readonly<Record<string, readonly Coordinate[]>>;
  readonly params: Readonly<Record<string, unknown>>;
  readonly sources: Readonly<Record<string, SourceSpec>>;
  readonly stages: Readonly<Record<string, StageSpec>>;
}

/** An outside file or folder. */
export interface SourceSpec {
  readonly path: string;
  readonly digest?: string;
}

/** One stage as declared. */
export interface StageSpec {
  readonly uses: string;
  readonly each: readonly string[];
  readonly in: Readonly<Record<string, PortSpec>>;
  readonly with: Readonly<Record<string, unknown>>;
  readonly publish: Readonly<Record<string, string>>;
  readonly run: RunSpec;
}

/** What is bound to an input port. */
export interface PortSpec {
  /** One input, or several in the order of a list. */
  readonly parts: readonly InputSpec[];
  /** Whether they stand in a list. */
  readonly list: boolean;
}

/** One input as declared. */
export interface InputSpec {
  /** `stage.port` or `sources.name`. */
  readonly from: string;
  readonly gather: readonly string[];
  readonly at: Readonly<Record<string, Coordinate>>;
}

/** How a stage runs; nothing of it enters a key. */
export interface RunSpec {
  readonly resources: Readonly<Record<string, number>>;
  readonly retries: number;
  readonly timeout?: string;
  readonly frozen: boolean;
}

// deno-lint-ignore no-explicit-any -- called with data that the schema has accepted
type Checked = any;

/** Fills in the optional parts of a document that the schema has accepted. */
export function toSpec(document: Checked): PipelineSpec {
  return {
    name: document.name,
    seed: document.seed ?? 0,
    compute: {
      backend: "auto",
      threads: 0,
      precision: "float32",
      loaderWorkers: 1,
      ...document.compute,
    },
    matrix: document.matrix ?? {},
    params: document.params ?? {},
    sources: document.sources ?? {},
    stages: mapValues(document.stages, toStage),
  };
}

function toStage(stage: Checked): StageSpec {
  return {
    uses: stage.uses,
    each: stage.each ?? [],
    in: mapValues(stage.in ?? {}, (input: Checked): PortSpec => ({
      parts: [input].flat().map(toInput),
      list: Array.isArray(input),
    })),
    with: stage.with ?? {},
    publish: stage.publish ?? {},
    run: { resources: {}, retries: 0, frozen: false, ...stage.run },
  };
}

function toInput(input: Checked): InputSpec {
  const rest = { gather: [], at: {} };
  return typeof input === "string" ? { from: input, ...rest } : { ...rest, ...input };
}

function mapValues<T>(object: Record<string, Checked>, map: (value: Checked) => T) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
}
