/**
 * Tries each backend on this machine, each in a process of its own.
 * @module
 */
import { obstacle } from "../run/process/stage_process_command.ts";
import { decodeError } from "../run/process/stage_process_error.ts";
import type { ContextData, FromStage } from "../run/process/stage_process_messages.ts";
import { type StageProcess, startStage } from "../run/process/stage_process_start.ts";
import type { PassTimes } from "./run_check.ts";

/** The backends, in the order in which `auto` asks them. */
const BACKENDS = ["tensorflow", "webgpu", "wasm", "cpu"];

/** The phase before the first that is told. */
const UNFOUND = "before it told what it found";

/** What the process of a backend tells, part by part. */
export interface BackendMeasurement {
  /** What was found on this machine, in words. */
  found: string;
  /** Whether `auto` would take it if there were no others. */
  isChosen: boolean;
  /** What has begun, in words. */
  phase: string;
  /** Whether it has started. */
  isStarted: true;
  /** What is wrong with its values, in words. */
  wrong?: string;
  /** How long passes take; told when all values have been. */
  times: PassTimes;
}

/** How the self-test of a backend ended. */
export interface BackendResult extends Partial<BackendMeasurement> {
  name: string;
  /**
   * `right` and `wrong` are said of the values; `absent` is a backend that does not start here, `failed` one
   * that throws, `crashed` one whose process has ended, `stopped` one that took too long.
   */
  outcome: "right" | "wrong" | "absent" | "failed" | "crashed" | "stopped";
  /** What there is to say about any outcome but `right`. */
  remark?: string;
}

/** Options of {@linkcode measureBackends}. */
export interface MeasureBackendsOptions {
  /** Stops before the next backend when it aborts. */
  signal: AbortSignal;
  /**
   * Seconds for all of it: each backend may take its share of those that are left.
   * @default {60}
   */
  seconds?: number;
  /**
   * The module that tries a backend.
   * @default {"@self-test"}
   */
  specifier?: string;
}

/**
 * Tries every backend, one after the other.
 *
 * @returns How each ended, as soon as it has.
 * @throws {Error} If this process may not start others.
 */
export async function* measureBackends(
  { signal, seconds = 60, specifier = "@self-test" }: MeasureBackendsOptions,
): AsyncGenerator<BackendResult> {
  const reason = obstacle();
  if (reason !== undefined) {
    throw new Error(`Cannot test the backends, each in a process of its own: ${reason}`);
  }
  const end = performance.now() + seconds * 1000;
  for (const [i, name] of BACKENDS.entries()) {
    signal.throwIfAborted();
    const milliseconds = Math.max(0, end - performance.now()) / (BACKENDS.length - i);
    yield await testBackend(name, { specifier, milliseconds, signal });
  }
}

async function testBackend(
  name: string,
  { specifier, milliseconds, signal }: {
    specifier: string;
    milliseconds: number;
    signal: AbortSignal;
  },
): Promise<BackendResult> {
  await using process = await startStage(signal);
  if (process === undefined) return { name, outcome: "failed", remark: "Deno does not start" };
  const limit = new AbortController();
  limit.signal.addEventListener("abort", () => void process[Symbol.asyncDispose]());
  const timer = setTimeout(() => limit.abort(), milliseconds);
  try {
    process.send({ type: "load", specifier });
    process.send({ type: "run", context: contextOf(name) });
    const measured: Partial<BackendMeasurement> = {};
    const last = await follow(process, measured);
    const end = limit.signal.aborted
      ? stopped(measured, milliseconds)
      : last === undefined
      ? crashed(measured, await process.end())
      : finished(measured, last);
    const { wrong } = measured;
    return { name, ...measured, ...(wrong ? { outcome: "wrong", remark: wrong } : end) };
  } finally {
    clearTimeout(timer);
  }
}

function contextOf(backend: string): ContextData {
  return {
    ...{ instance: backend, params: { backend }, in: {}, out: {}, digests: {} },
    ...{ scratch: "", seed: 0, compute: { backend, threads: 0 } },
  };
}

/** Takes up what the process tells, until it is done; undefined if it has ended before. */
async function follow(
  process: StageProcess,
  measured: Partial<BackendMeasurement>,
): Promise<FromStage | undefined> {
  for (;;) {
    const message = await process.next();
    if (message === undefined || !["log", "ready"].includes(message.type)) return message;
    if (message.type === "log") Object.assign(measured, parse(message.line));
  }
}

/** Nothing for what some library has printed. */
function parse(line: string): Partial<BackendMeasurement> {
  try {
    const part = JSON.parse(line);
    return typeof part === "object" ? part : {};
  } catch {
    return {};
  }
}

type End = Pick<BackendResult, "outcome" | "remark">;

/** A backend is right when all of its values have been told. */
function stopped(
  { times, phase }: Partial<BackendMeasurement>,
  milliseconds: number,
): End {
  const remark = `no answer in ${(milliseconds / 1000).toFixed()} s, ${phase ?? UNFOUND}`;
  return { outcome: times === undefined ? "stopped" : "right", remark };
}

function crashed(
  { phase = UNFOUND }: Partial<BackendMeasurement>,
  { code, signal }: Deno.CommandStatus,
): End {
  const how = signal === null ? `the exit code ${code}` : `the signal ${signal}`;
  return { outcome: "crashed", remark: `its process ended with ${how}, ${phase}` };
}

function finished({ isStarted }: Partial<BackendMeasurement>, last: FromStage): End {
  if (last.type === "done") return { outcome: "right" };
  if (last.type === "refused") return { outcome: "failed", remark: last.reason };
  const thrown = last.type === "error" ? decodeError(last.error, undefined) : undefined;
  const remark = thrown instanceof Error ? thrown.message : String(thrown);
  return { outcome: isStarted ? "failed" : "absent", remark };
}
