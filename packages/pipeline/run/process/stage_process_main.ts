/**
 * The main module of a stage's own process: loads the stage that the pipeline names and runs it.
 * Messages come in by the standard input and go out by the standard output (see
 * `stage_process_messages.ts`); what the stage prints goes along and is shown as lines of its log.
 *
 * @module
 */
import { builtinStages, type StageLoader } from "../../builtin_stages.ts";
import type { ProgressEvent, Stage } from "../../stage.ts";
import { encodeError } from "./stage_process_error.ts";
import {
  type ContextData,
  encodeMessage,
  type FromStage,
  readMessages,
  type ToStage,
} from "./stage_process_messages.ts";

/** Milliseconds between two progress events that are passed on: people see no more. */
const progressEvery = 50;
/** Seconds in which a stage must have stopped, after the pipeline's process has gone. */
const graceSeconds = 60;

/** What the terminal sends to all of its processes: the pipeline decides what it means. */
function ignoreSignals(): void {
  const signals: Deno.Signal[] = Deno.build.os === "windows"
    ? ["SIGINT"]
    : ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) Deno.addSignalListener(signal, () => {});
}

/** Sends messages; thins out the progress, of which the last event is held until it is due. */
function createSender(onLost: () => void) {
  const encoder = new TextEncoder();
  let held: ProgressEvent | undefined;
  let sentAt = -Infinity;
  const write = (message: FromStage) => {
    const bytes = encoder.encode(encodeMessage(message));
    try {
      for (let at = 0; at < bytes.length;) at += Deno.stdout.writeSync(bytes.subarray(at));
    } catch {
      onLost(); // nobody listens any more
    }
  };
  const flush = () => {
    if (held !== undefined) write({ type: "progress", event: held });
    held = undefined;
  };
  return {
    send(message: FromStage) {
      flush();
      write(message);
    },
    progress(event: ProgressEvent) {
      held = { ...event };
      const now = performance.now();
      if (now - sentAt < progressEvery) return;
      sentAt = now;
      flush();
    },
  };
}

async function main(): Promise<void> {
  ignoreSignals();
  const controller = new AbortController();
  const abandon = createAbandon(controller);
  const { send, progress } = createSender(abandon);
  const fail = (error: unknown) => {
    const { aborted, reason } = controller.signal;
    send({ type: "error", error: encodeError(error, aborted ? reason : undefined) });
    Deno.exit(0);
  };
  const run = async (stage: Stage, context: ContextData) => {
    const log = (line: string) => send({ type: "log", line: String(line) });
    const summarize = (values: Record<string, number>) => send({ type: "summarize", values });
    await stage.run({ ...context, signal: controller.signal, progress, log, summarize });
    send({ type: "done" });
    Deno.exit(0);
  };
  addEventListener("unhandledrejection", ({ reason }) => fail(reason));
  send({ type: "started" });
  let stage: Stage | undefined;
  for await (const message of readMessages<ToStage>(Deno.stdin.readable)) {
    if (message.type === "load") {
      stage = await load(message.specifier).catch((error) => {
        send({ type: "refused", reason: String(error?.message ?? error) });
        return undefined;
      });
      if (stage !== undefined) send({ type: "ready" });
    } else if (message.type === "run") {
      run(stage!, message.context).catch(fail);
    } else if (message.type === "abort") {
      controller.abort(new DOMException(message.message, message.name));
    }
  }
  abandon();
}

/** What runs here beside the stages of pipelines, by names that no stage can have. */
const commands: typeof builtinStages = new Map<string, StageLoader>([
  ["@predict", () => import("../../predict/predict_stage.ts")],
  ["@self-test", () => import("../../self_test/self_test_stage.ts")],
]);

/** The pipeline has loaded and checked the same module before. */
async function load(specifier: string): Promise<Stage> {
  const builtin = builtinStages.get(specifier) ?? commands.get(specifier);
  return (builtin === undefined ? await import(specifier) : await builtin()).default;
}

/**
 * What to do when the pipeline's process has gone: the stage is stopped, which saves its
 * checkpoint, and the process ended if it does not stop. Seconds in which the stage keeps the event
 * loop to itself do not count: it could not have known.
 */
function createAbandon(controller: AbortController): () => void {
  let seconds = 0;
  let timer: ReturnType<typeof setInterval> | undefined;
  return () => {
    controller.abort(new DOMException("The process of the pipeline has ended", "AbortError"));
    timer ??= setInterval(() => void (++seconds > graceSeconds && Deno.exit(1)), 1000);
  };
}

if (import.meta.main) void main();
