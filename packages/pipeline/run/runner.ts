import { join } from "@std/path";
import type { BoundInstance } from "../graph/bind.ts";
import { upstreamOf } from "../graph/order.ts";
import type { Digest } from "./digest.ts";
import { InterruptedError } from "./errors.ts";
import { execute } from "./execute.ts";
import { disk, type FileSystem, writeAtomic } from "./file_system.ts";
import { type InputDigests, inspect, type Inspection, keyFields, mapInputs } from "./inspect.ts";
import { keyOf } from "./key.ts";
import { lockFile } from "./key_lock.ts";
import { type Lock, type LockEntry, openLock } from "./lock.ts";
import { type Plan, selectTargets } from "./plan.ts";
import { publish } from "./publish.ts";
import { type Outcome, type Reporter, silentReporter } from "./reporter.ts";
import { createSources } from "./sources.ts";
import { openStore, type Store } from "./store.ts";

/** Options of {@linkcode runPlan}. */
export interface RunPlanOptions {
  /**
   * Stages or instances to run, with everything they need.
   * @default {[]}
   */
  targets?: readonly string[];
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
   * @default {silentReporter}
   */
  reporter?: Reporter;
  /**
   * How to write.
   * @default {disk}
   */
  files?: FileSystem;
}

/** What became of one instance. */
export interface InstanceResult {
  /** The instance, such as `train@fold=2`. */
  readonly id: string;
  /** What became of it. */
  readonly outcome: Outcome;
  /** How long it took. */
  readonly seconds: number;
  /** Output port -> absolute path in the store; empty for what failed or was skipped. */
  readonly outputs: Readonly<Record<string, string>>;
  /** The numbers that the stage summarised. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Why it failed or was skipped. */
  readonly error?: Error;
}

/** What a finished instance passes on. */
interface Finished {
  readonly outcome: Outcome;
  readonly out: Readonly<Record<string, Digest>>;
  readonly metrics: Readonly<Record<string, number>>;
}

/** Everything that lives as long as the run. */
interface Run {
  readonly plan: Plan;
  readonly store: Store;
  readonly lock: Lock;
  readonly files: FileSystem;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  readonly findSource: ReturnType<typeof createSources>;
  readonly finished: Map<string, Finished>;
  readonly forced: ReadonlySet<string>;
}

/**
 * Runs a pipeline: for each instance in order, uses the result that the lock file names (`fresh`),
 * or one of the run cache with the same key (`restored`), or runs the stage (`ran`).
 *
 * @param plan The plan.
 * @param options What to run and how.
 * @returns What became of each instance, in order.
 * @throws {StageError} If a stage fails, unless `keepGoing`.
 * @throws {InterruptedError} If `signal` stopped it.
 * @throws {WriteError} If the disk refuses to write.
 */
export async function runPlan(plan: Plan, options: RunPlanOptions = {}): Promise<InstanceResult[]> {
  const { targets = [], keepGoing = false, files = disk, reporter = silentReporter } = options;
  const selected = selectTargets(plan, targets);
  const folder = join(plan.pipeline.folder, ".mednext");
  await prepareFolder(folder, files);
  using _ = await lockFile(join(folder, "locks", "store"), { shared: true });
  const store = await openStore(folder, files);
  const run: Run = {
    plan,
    store,
    lock: await openLock(plan.pipeline, { files, store: folder }),
    files,
    reporter,
    signal: options.signal ?? new AbortController().signal,
    findSource: createSources(plan.pipeline, store.cache),
    finished: new Map(),
    forced: new Set(options.force ? forcedIds(selected, targets) : []),
  };
  const results: InstanceResult[] = [];
  try {
    for (const instance of selected) results.push(await runOne(instance, run, keepGoing));
    const all = new Set(plan.instances.map(({ id }) => id));
    if (targets.length === 0) await run.lock.update({ keep: all });
  } finally {
    await store.cache.save().catch(() => {}); // only a memory; the run's own error counts
  }
  return results;
}

async function prepareFolder(folder: string, files: FileSystem): Promise<void> {
  const ignore = join(folder, ".gitignore");
  const text = await Deno.readTextFile(ignore).catch(() => undefined);
  if (text === undefined) await writeAtomic(files, ignore, "*\n");
}

function forcedIds(selected: readonly BoundInstance[], targets: readonly string[]): string[] {
  const isTarget = ({ id, stage }: BoundInstance) =>
    targets.length === 0 || targets.includes(id) || targets.includes(stage);
  return selected.filter(isTarget).map(({ id }) => id);
}

async function runOne(
  instance: BoundInstance,
  run: Run,
  keepGoing: boolean,
): Promise<InstanceResult> {
  const { id } = instance;
  const started = performance.now();
  const result = (outcome: Outcome, rest: Partial<InstanceResult> = {}): InstanceResult => {
    const seconds = (performance.now() - started) / 1000;
    run.reporter.end(id, { outcome, seconds });
    return { id, outcome, seconds, outputs: {}, metrics: {}, ...rest };
  };
  if (run.signal.aborted) throw new InterruptedError(undefined, false);
  const lost = upstreamOf(instance).find((upstream) => !run.finished.has(upstream));
  if (lost !== undefined && !run.plan.pipeline.spec.stages[instance.stage].run.frozen) {
    return result("skipped", { error: new Error(`${id} needs ${lost}, which has no result`) });
  }
  try {
    const finished = await finish(instance, run);
    run.finished.set(id, finished);
    const outputs = Object.entries(finished.out)
      .map(([port, digest]) => [port, run.store.objectPath(digest)]);
    const { outcome, metrics } = finished;
    return result(outcome, { outputs: Object.fromEntries(outputs), metrics });
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    if (error === run.signal.reason) throw new InterruptedError(undefined, false); // while waiting
    const failed = result("failed", { error: error as Error });
    if (!keepGoing) throw error;
    run.reporter.notice((error as Error).message);
    return failed;
  }
}

/** Gets the result of an instance, one way or the other, and records it. */
async function finish(instance: BoundInstance, run: Run): Promise<Finished> {
  const { plan, store, files } = run;
  const finished = plan.pipeline.spec.stages[instance.stage].run.frozen
    ? await thaw(instance, run)
    : await refreshOrRun(instance, run);
  await publish(instance, { pipeline: plan.pipeline, store, files, out: finished.out });
  return finished;
}

/** The locked result of a frozen instance. */
async function thaw({ id }: BoundInstance, { lock, store }: Run): Promise<Finished> {
  const entry = lock.get(id);
  const fail = (reason: string) => new Error(`Cannot use the frozen ${id}: ${reason}`);
  if (entry === undefined) throw fail(`the lock file ${lock.path} does not name it`);
  for (const [port, digest] of Object.entries(entry.out)) {
    const state = await store.verify(digest);
    if (state !== "there") throw fail(`its output "${port}" is ${state} in the store`);
  }
  return { outcome: "fresh", out: entry.out, metrics: entry.metrics ?? {} };
}

async function refreshOrRun(instance: BoundInstance, run: Run): Promise<Finished> {
  const { store, lock, reporter, signal } = run;
  const { id } = instance;
  const fields = keyFields(instance, run.plan, await inputDigests(instance, run));
  const look = () => inspect(fields, { id, store, lock });
  const forced = run.forced.has(id);
  let found = await look();
  if (forced || found.state === "stale") {
    const key = keyOf(fields);
    using _ = await lockFile(store.place("locks", key), {
      signal,
      onWait: (pid) =>
        reporter.notice(
          `${id} is being made by another run (process ${pid ?? "unknown"}): waiting`,
        ),
    });
    found = await look(); // somebody else may have made it while we waited
    if (forced || found.state === "stale") return await runNow(instance, run, found);
  }
  const { out = {}, metrics = {} } = found;
  if (found.state === "restored") {
    await lock.update({ set: { [id]: toEntry(instance, run, found) } });
  }
  return { outcome: found.state === "fresh" ? "fresh" : "restored", out, metrics };
}

async function runNow(instance: BoundInstance, run: Run, found: Inspection): Promise<Finished> {
  const { plan, store, files, reporter, signal, lock } = run;
  const { key, fields } = found;
  if (found.reason?.endsWith("damaged in the store")) {
    reporter.notice(`${instance.id}: ${found.reason}; making it again`);
  }
  const inputs = await inputPaths(instance, run);
  const options = { plan, store, files, reporter, signal, key, inputs, digests: fields.in };
  const { out, metrics } = await execute(instance, options);
  await store.writeRun(key, { fields, out, metrics });
  const entry = toEntry(instance, run, { ...found, out, metrics });
  await lock.update({ set: { [instance.id]: entry } });
  await store.cache.save();
  return { outcome: "ran", out, metrics };
}

function toEntry(instance: BoundInstance, { plan }: Run, found: Inspection): LockEntry {
  const { format: _, ...fields } = found.fields;
  const { version } = plan.stages.get(instance.stage)!;
  const metrics = found.metrics ?? {};
  return {
    key: found.key,
    ...fields,
    ...(version === undefined ? {} : { version }),
    out: found.out ?? {},
    ...(Object.keys(metrics).length === 0 ? {} : { metrics }),
  };
}

function inputDigests(instance: BoundInstance, run: Run): Promise<InputDigests> {
  return mapInputs(
    instance,
    async (origin) =>
      "source" in origin
        ? (await run.findSource(origin.source)).digest
        : run.finished.get(origin.instance)!.out[origin.port],
  );
}

/** The path of each input, or its paths where the port takes a list. */
async function inputPaths(
  instance: BoundInstance,
  run: Run,
): Promise<Record<string, string | string[]>> {
  const { stage } = run.plan.stages.get(instance.stage)!;
  const paths = await mapInputs(
    instance,
    async (origin) =>
      "source" in origin
        ? (await run.findSource(origin.source)).path
        : run.store.objectPath(run.finished.get(origin.instance)!.out[origin.port]),
  );
  const entries = Object.entries(paths).map(([port, list]) =>
    [port, stage.inputs[port].endsWith("[]") ? list : list[0]] as const
  );
  return Object.fromEntries(entries);
}
