import { join } from "@std/path";
import type { BoundInstance } from "../graph/bind.ts";
import type { StageContext } from "../stage.ts";
import type { Digest } from "./digest.ts";
import { InterruptedError, StageError } from "./errors.ts";
import { exists, type FileSystem, removeIfThere, WriteError, writing } from "./file_system.ts";
import type { Plan } from "./plan.ts";
import type { Reporter } from "./reporter.ts";
import { openScratch } from "./scratch.ts";
import { runInProcess } from "./process/run_in_process.ts";
import type { Store } from "./store.ts";

/** What an instance gave. */
export interface Execution {
  readonly out: Readonly<Record<string, Digest>>;
  readonly metrics: Readonly<Record<string, number>>;
}

/** What an instance runs with. */
export interface ExecuteOptions {
  readonly plan: Plan;
  readonly store: Store;
  readonly files: FileSystem;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  readonly key: string;
  /** Port -> path or paths. */
  readonly inputs: Readonly<Record<string, string | readonly string[]>>;
  /** Port -> content digests. */
  readonly digests: Readonly<Record<string, readonly Digest[]>>;
}

/**
 * Runs one instance, with its retries, and moves its outputs into the store.
 *
 * The stage writes into a staging folder. Only when it has resolved and every output is there do
 * they move, by rename, so nothing half-written is ever seen. Its scratch folder goes when it has
 * succeeded.
 *
 * @throws {StageError} If the stage fails, with what it threw as the cause.
 * @throws {InterruptedError} If the user stopped it.
 */
export async function execute(
  instance: BoundInstance,
  options: ExecuteOptions,
): Promise<Execution> {
  const { plan, store, key, reporter, signal } = options;
  const { stage } = plan.stages.get(instance.stage)!;
  const { retries } = plan.pipeline.spec.stages[instance.stage].run;
  const resumable = stage.resumable === true;
  for (let retry = 0;; retry++) {
    const scratch = await openScratch(store.place("scratch", key), {
      resumable,
      files: options.files,
    });
    reporter.start(instance.id, { resumed: scratch.resumed, retry });
    try {
      const execution = await attempt(instance, { ...options, scratch: scratch.path });
      await scratch.remove();
      return execution;
    } catch (error) {
      await removeIfThere(store.place("staging", key)).catch(() => {});
      if (!resumable) await scratch.remove().catch(() => {});
      if (isStop(error, signal)) throw new InterruptedError(instance.id, resumable);
      const failure = error instanceof WriteError ? error : new StageError(instance.id, error);
      if (retry >= retries || signal.aborted) throw failure;
      reporter.notice(`${failure.message}; trying again (${retry + 1} of ${retries})`);
    }
  }
}

/** Whether a stage ended because it was asked to, and not by an error of its own on the way out. */
function isStop(error: unknown, signal: AbortSignal): boolean {
  if (!signal.aborted) return false;
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause === signal.reason || cause.name === "AbortError") return true;
  }
  return error === signal.reason;
}

async function attempt(
  instance: BoundInstance,
  options: ExecuteOptions & { scratch: string },
): Promise<Execution> {
  const { plan, store, key, files, inputs, reporter, scratch } = options;
  const resolved = plan.stages.get(instance.stage)!;
  const { stage } = resolved;
  const { spec } = plan.pipeline;
  const staging = store.place("staging", key);
  await writing(staging, async () => {
    await removeIfThere(staging);
    await files.mkdir(staging);
  });
  const ports = Object.keys(stage.outputs);
  const out = Object.fromEntries(ports.map((port) => [port, join(staging, port)]));
  const metrics: Record<string, number> = {};
  using timer = limit(options.signal, spec.stages[instance.stage].run.timeout);
  const context: StageContext = {
    instance: instance.id,
    params: structuredClone(instance.with),
    in: inputs,
    digests: options.digests,
    out,
    scratch,
    seed: stage.seeded ? spec.seed : 0,
    compute: spec.compute,
    signal: timer.signal,
    progress: (event) => reporter.progress(instance.id, event),
    log: (line) => reporter.log(instance.id, line),
    summarize: (values) => {
      const finite = Object.entries(values).filter(([, value]) => Number.isFinite(value));
      Object.assign(metrics, Object.fromEntries(finite));
    },
  };
  const isApart = stage.ownProcess === true && spec.compute.ownProcess !== false &&
    await runInProcess(resolved, context, reporter);
  if (!isApart) await stage.run(context);
  for (const port of ports) {
    if (!await exists(out[port])) throw new Error(`it wrote nothing to its output "${port}"`);
  }
  const digests: Record<string, Digest> = {};
  for (const port of ports) digests[port] = await store.commit(out[port]);
  await removeIfThere(staging);
  return { out: digests, metrics };
}

const unitMilliseconds: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000 };

/** The user's signal, and the stage's own time limit if it has one. */
function limit(signal: AbortSignal, timeout: string | undefined) {
  if (timeout === undefined) return { signal, [Symbol.dispose]() {} };
  const milliseconds = parseInt(timeout) * unitMilliseconds[timeout.slice(-1)];
  const controller = new AbortController();
  const reason = new DOMException(`it took longer than its timeout of ${timeout}`, "TimeoutError");
  const timer = setTimeout(() => controller.abort(reason), milliseconds);
  return {
    signal: AbortSignal.any([signal, controller.signal]),
    [Symbol.dispose]: () => clearTimeout(timer),
  };
}
