import { join, resolve } from "@std/path";
import { checkAgainst } from "./graph/check.ts";
import { formatPath } from "./graph/locate.ts";
import { type Digest, digestFile, digestPath, listFiles } from "./run/digest.ts";
import { noCache } from "./run/stat_cache.ts";
import type { Compute, Ports, Stage, StageContext } from "./stage.ts";

/** Options of {@linkcode stageConformance}. */
export interface StageConformanceOptions {
  /**
   * The parameters, as they would stand under `with`.
   * @default {{}}
   */
  params?: Readonly<Record<string, unknown>>;
  /**
   * Input port -> path, or paths for a list.
   * @default {{}}
   */
  in?: Readonly<Record<string, string | readonly string[]>>;
  /**
   * The root seed.
   * @default {0}
   */
  seed?: number;
  /**
   * What to compute on.
   * @default {{ backend: "auto", threads: 0 }}
   */
  compute?: Compute;
  /**
   * At which progress events, counted from 1 over the whole work, a resumable stage is stopped.
   * @default The first one and the middle one of a whole run.
   */
  stopAt?: readonly number[];
}

/**
 * Checks that a stage keeps its contract: its parameters fit its schema, it writes every output,
 * the same inputs give the same bytes, it leaves its inputs alone, and, if it is `resumable`,
 * stopping and going on gives the same bytes as running through.
 *
 * @param stage The stage.
 * @param options What to run it with.
 * @throws {Error} That says what it broke.
 *
 * @example A stage that counts to three and can be stopped
 * ```ts
 * import { type Stage, stageConformance } from "@mednext/pipeline";
 *
 * const count: Stage<unknown, {}, { text: "text" }> = {
 *   revision: 1,
 *   inputs: {},
 *   outputs: { text: "text" },
 *   params: { type: "object", additionalProperties: false },
 *   resumable: true,
 *   async run({ out, scratch, signal, progress }) {
 *     const checkpoint = `${scratch}/text`;
 *     let text = await Deno.readTextFile(checkpoint).catch(() => "");
 *     while (text.length < 3) {
 *       signal.throwIfAborted();
 *       text += "x";
 *       await Deno.writeTextFile(checkpoint, text);
 *       progress({ done: text.length, total: 3 });
 *     }
 *     await Deno.writeTextFile(out.text, text);
 *   },
 * };
 *
 * await stageConformance(count);
 * ```
 */
export async function stageConformance<
  P,
  I extends Ports,
  O extends Ports,
  Q extends keyof I,
>(stage: Stage<P, I, O, Q>, options: StageConformanceOptions = {}): Promise<void> {
  const subject = stage as unknown as Stage;
  const params = structuredClone(options.params ?? {});
  const [problem] = checkAgainst(stage.params, params);
  if (problem !== undefined) {
    throw new TypeError(`Cannot run the stage: params ${formatPath(problem.path)} ${problem.text}`);
  }
  const counts = Object.entries(options.in ?? {}).map(([port, paths]) =>
    [port, [paths].flat().length] as const
  );
  stage.check?.(params as P, new Map(counts));
  const folder = await Deno.makeTempDir({ prefix: "stage_conformance_" });
  try {
    const trial: Trial = { stage: subject, options: { ...options, params }, folder, count: 0 };
    const inputs = Object.values(options.in ?? {}).flat().map((path) => resolve(path));
    const before = await Promise.all(inputs.map((path) => digestPath(path, noCache)));
    const whole = await runWhole(trial);
    compare(whole.files, (await runWhole(trial)).files, "run again with the same inputs");
    if (stage.resumable) await checkResume(trial, whole);
    const after = await Promise.all(inputs.map((path) => digestPath(path, noCache)));
    const touched = inputs.find((_, i) => before[i] !== after[i]);
    if (touched !== undefined) throw new Error(`The stage has changed its input ${touched}`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

interface Trial {
  readonly stage: Stage;
  readonly options: StageConformanceOptions;
  readonly folder: string;
  count: number;
}

interface Result {
  /** Output file -> digest. */
  readonly files: ReadonlyMap<string, Digest>;
  /** Number of progress events. */
  readonly events: number;
}

async function runWhole(trial: Trial): Promise<Result> {
  const result = await attempt(trial, await newFolder(trial, "scratch"));
  return result as Result;
}

async function checkResume(trial: Trial, whole: Result): Promise<void> {
  const middle = Math.ceil(whole.events / 2);
  const stops = trial.options.stopAt ?? [...new Set([1, middle])].filter((at) => at < whole.events);
  if (stops.length === 0) {
    throw new Error("Cannot stop the stage: a resumable stage must report progress more than once");
  }
  for (const stop of stops) {
    const scratch = await newFolder(trial, "scratch");
    const stopped = await attempt(trial, scratch, stop);
    if (stopped !== undefined) continue; // it was too far to be stopped, and has finished
    const resumed = await attempt(trial, scratch);
    compare(whole.files, resumed!.files, `stopped at progress event ${stop} and resumed`);
  }
}

/** Runs the stage once; undefined if it was stopped. */
async function attempt(
  trial: Trial,
  scratch: string,
  stopAt?: number,
): Promise<Result | undefined> {
  const { stage, options } = trial;
  const staging = await newFolder(trial, "out");
  const ports = Object.keys(stage.outputs);
  const controller = new AbortController();
  let events = 0;
  const context: StageContext = {
    instance: "conformance",
    params: structuredClone(options.params),
    in: options.in ?? {},
    digests: {},
    out: Object.fromEntries(ports.map((port) => [port, join(staging, port)])),
    scratch,
    seed: stage.seeded ? options.seed ?? 0 : 0,
    compute: options.compute ?? { backend: "auto", threads: 0 },
    signal: controller.signal,
    progress() {
      if (++events === stopAt) controller.abort(new DOMException("Stopped", "AbortError"));
    },
    log() {},
    summarize() {},
  };
  try {
    await stage.run(context);
  } catch (error) {
    if (controller.signal.aborted && error === controller.signal.reason) return undefined;
    throw error;
  }
  return { files: await digestOutputs(staging, ports), events };
}

async function digestOutputs(staging: string, ports: readonly string[]) {
  const files = new Map<string, Digest>();
  for (const port of ports) {
    const path = join(staging, port);
    const info = await Deno.stat(path).catch(() => undefined);
    if (info === undefined) throw new Error(`The stage wrote nothing to its output "${port}"`);
    const list = info.isDirectory ? await listFiles(path) : [{ name: "", path }];
    for (const file of list) {
      const name = file.name === "" ? port : `${port}/${file.name}`;
      files.set(name, await digestFile(file.path, noCache));
    }
  }
  return files;
}

async function newFolder(trial: Trial, name: string): Promise<string> {
  const path = join(trial.folder, `${name}_${trial.count++}`);
  await Deno.mkdir(path);
  return path;
}

function compare(
  expected: ReadonlyMap<string, Digest>,
  found: ReadonlyMap<string, Digest>,
  how: string,
): void {
  for (const name of new Set([...expected.keys(), ...found.keys()])) {
    const [a, b] = [expected.get(name), found.get(name)];
    if (a === b) continue;
    const difference = b === undefined
      ? "is missing"
      : a === undefined
      ? "is new"
      : "has other bytes";
    throw new Error(`The stage must give the same bytes when ${how}: ${name} ${difference}`);
  }
}
