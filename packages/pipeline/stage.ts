/**
 * The contract of a stage: one typed object with named inputs and outputs, a JSON Schema for its
 * parameters, and `run`. This file imports nothing, so that a stage module outside of this
 * repository depends on a handful of types and on nothing else.
 *
 * A stage module's **default export** is one stage, written as an annotated constant:
 *
 * @example A stage that counts the words of a text
 * ```ts
 * import type { Stage } from "@mednext/pipeline/stage";
 * import { assertEquals } from "@std/assert";
 *
 * interface Params {
 *   minimumLength: number;
 * }
 *
 * const countWords: Stage<Params, { text: "text" }, { count: "metrics" }> = {
 *   revision: 1,
 *   inputs: { text: "text" },
 *   outputs: { count: "metrics" },
 *   params: {
 *     type: "object",
 *     additionalProperties: false,
 *     properties: { minimumLength: { type: "integer", minimum: 1, default: 1 } },
 *   },
 *   async run({ params, in: inputs, out }) {
 *     const words = (await Deno.readTextFile(inputs.text)).split(/\s+/);
 *     const count = words.filter((word) => word.length >= params.minimumLength).length;
 *     await Deno.writeTextFile(out.count, JSON.stringify({ count }));
 *   },
 * };
 * // export default countWords;
 *
 * assertEquals(countWords.outputs.count, "metrics");
 * ```
 *
 * @module
 */

/**
 * What flows along an edge of the graph. An edge is refused when its two ends are of different
 * kinds. The built-in stages use `dataset`, `plan`, `volumes`, `splits`, `model`, `masks`,
 * `postprocessing`, `report`, `comparison` and `best`; a stage of your own may invent others.
 *
 * On an input, `[]` after the kind (`"masks[]"`) says that the port takes a list: the results of
 * one instance or of many (`gather`). Its paths always come as an array.
 */
export type Kind = string;

/** The named inputs or outputs of a stage, each with its kind. */
export type Ports = { readonly [port: string]: Kind };

/** A JSON Schema, draft-07. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** What a stage computes on: the pipeline's top-level `compute`. It enters no cache key. */
export interface Compute {
  /** The backend's name, or `"auto"`. */
  readonly backend: string;
  /** Number of threads; 0 means all cores. */
  readonly threads: number;
  /**
   * What products are computed in: `mixed` takes their operands in half precision.
   * @default {"float32"}
   */
  readonly precision?: "float32" | "mixed";
  /**
   * Whether stages that ask for a process of their own get one.
   * @default {true}
   */
  readonly ownProcess?: boolean;
  /** Number of threads that load data beside it; 0 means none. @default {1} */
  readonly loaderWorkers?: number;
}

/** How far a stage has come. */
export interface ProgressEvent {
  /** Units done so far, counted from the start of the whole work, also after a resume. */
  readonly done: number;
  /** Units in all. */
  readonly total: number;
  /** What is counted, in the plural, such as `"steps"` or `"cases"`. */
  readonly unit?: string;
  /** A few words on the state of the work, such as `"loss 0.312"`. */
  readonly message?: string;
}

/** The path, or the paths for a list, of an input of kind `K`. */
export type InputPath<K extends Kind> = string extends K ? string | readonly string[] | undefined
  : K extends `${string}[]` ? readonly string[]
  : string;

/** The paths that a stage reads: one for each input port; those named by `Q` may be absent. */
export type InputPaths<I extends Ports, Q extends keyof I = never> =
  & { readonly [port in Exclude<keyof I, Q>]: InputPath<I[port]> }
  & { readonly [port in Q]?: InputPath<I[port]> };

/** The paths that a stage writes: one for each output port. */
export type OutputPaths<O extends Ports> = { readonly [port in keyof O]: string };

/** Everything that a stage gets. */
export interface StageContext<
  P = unknown,
  I extends Ports = Ports,
  O extends Ports = Ports,
  Q extends keyof I = never,
> {
  /** Name of this instance, such as `"train_k5@fold=2"`, for messages. */
  readonly instance: string;
  /** The parameters: substituted, checked against the stage's schema, defaults filled in. */
  readonly params: P;
  /** The inputs, absolute paths of files or folders. They are never to be written to. */
  readonly in: InputPaths<I, Q>;
  /**
   * The content digests of the inputs by port, in order, such as `sha256:9f86…`: what the result is made
   * from, for its provenance.
   */
  readonly digests: { readonly [port in keyof I]?: readonly string[] };
  /**
   * The outputs, absolute paths at which nothing exists yet, in a staging folder that exists. The
   * stage makes a file or a folder at each; they appear to others only after `run` has resolved.
   */
  readonly out: OutputPaths<O>;
  /**
   * Absolute path of a folder that belongs to this key. For a `resumable` stage it still holds what
   * an earlier, unfinished run with the same key left in it; for any other stage it is empty.
   */
  readonly scratch: string;
  /** The pipeline's root seed; 0 for a stage that does not declare `seeded`. */
  readonly seed: number;
  /** What to compute on. */
  readonly compute: Compute;
  /**
   * Aborted when the user wants to stop. A long stage looks at it between steps (and lets the event
   * loop run now and then, or the signal never arrives), saves its checkpoint into `scratch` and
   * throws `signal.reason`.
   */
  readonly signal: AbortSignal;
  /** Reports progress. May be called at every step: what is shown is thinned out. */
  progress(event: ProgressEvent): void;
  /** Shows one line of text. */
  log(line: string): void;
  /**
   * Names the few numbers that the lock file shall show beside this instance, such as a mean Dice.
   * A number that is not finite, which JSON does not have, is left out.
   */
  summarize(values: { readonly [name: string]: number }): void;
}

/**
 * A stage. `P` are its parameters, `I` and `O` its ports, `Q` the names of the inputs that may be
 * left out (the same as in `optional`).
 */
export interface Stage<
  P = unknown,
  I extends Ports = Ports,
  O extends Ports = Ports,
  Q extends keyof I = never,
> {
  /** Bumped by its author whenever equal inputs would give other outputs than before. */
  readonly revision: number;
  /** `import.meta.url`: shows which version was loaded. */
  readonly module?: string;
  /** One sentence for help and editors. */
  readonly description?: string;
  /** Input port -> kind. */
  readonly inputs: I;
  /** The inputs that may be left out. */
  readonly optional?: readonly (keyof I)[];
  /** Output port -> kind. */
  readonly outputs: O;
  /**
   * JSON Schema (draft-07) of the parameters: checks them, fills in defaults, helps in the editor.
   */
  readonly params: JsonSchema;
  /**
   * Checks what a schema cannot say, before anything of the pipeline runs.
   *
   * @param params The parameters, checked against the schema, defaults filled in.
   * @param inputs The input ports that are bound, and how many paths each of them takes.
   * @throws {Error} If they make no sense; the message is shown beside the place in the file.
   */
  check?(params: P, inputs: ReadonlyMap<keyof I, number>): void;
  /**
   * Whether the stage draws random numbers from `seed`; if so the seed is part of its cache key.
   */
  readonly seeded?: boolean;
  /**
   * Whether the stage can go on from its `scratch`. If so, running to the end must give the same
   * bytes as stopping at any point and running again (see `stageConformance`).
   */
  readonly resumable?: boolean;
  /**
   * Names of parameters that change nothing in the outputs, such as how many cases to work on at a
   * time. They enter no cache key, so the outputs must not repeat them.
   */
  readonly neutral?: readonly string[];
  /**
   * Whether the stage runs in a process of its own, started so that the wasm backend of
   * `@mednext/kernels` is fastest (with `v8Flags()`). When it crashes or the memory runs out, that
   * is an error of this stage, and its memory goes back as soon as it is done.
   *
   * Only data cross: what of the context is no function, progress, log lines, numbers of
   * `summarize`, errors with their causes. Its module is loaded anew, so it shares no state with
   * others, and what it prints becomes lines of its log. In this process WebAssembly is not kept to
   * its memory by V8: the stage must not read data that it does not trust through any.
   *
   * Where no other process can be started (it needs all permissions, `-A`), and with
   * `compute: { ownProcess: false }`, the stage runs in the process of the pipeline.
   */
  readonly ownProcess?: boolean;
  /** Does the work. */
  run(context: StageContext<P, I, O, Q>): Promise<void>;
}
