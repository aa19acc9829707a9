import type { StageContext } from "../../stage.ts";
import { digestModule } from "../module_digest.ts";
import type { ResolvedStage } from "../resolve.ts";
import { obstacle } from "./stage_process_command.ts";
import { decodeError } from "./stage_process_error.ts";
import { crashError, type StageProcess, startStage } from "./stage_process_start.ts";

/**
 * Runs a stage in a process of its own, which is started with the flags of V8 that make the wasm
 * backend fastest.
 *
 * @param resolved The stage.
 * @param context What it runs with.
 * @param options Hears why it must run in this process instead.
 * @returns Whether it has run; if not, it has not begun, and must run in this process.
 * @throws What the stage throws, and an error that says how the process ended when it crashed.
 */
export async function runInProcess(
  resolved: ResolvedStage,
  context: StageContext,
  { notice }: { notice: (text: string) => void },
): Promise<boolean> {
  const { specifier } = resolved;
  const { instance, signal } = context;
  const stay = (reason: string) => {
    notice(`${instance} runs in the process of the pipeline, not in one of its own: ${reason}`);
    return false;
  };
  if (specifier === undefined) return stay("it comes from no module");
  const reason = obstacle();
  if (reason !== undefined) return stay(reason);
  await using process = await startStage(signal);
  if (process === undefined) return stay("another did not start");
  process.send({ type: "load", specifier });
  const loaded = await follow(process, context);
  if (loaded.type === "refused") return stay(loaded.reason.split("\n")[0]);
  await checkSource(resolved);
  signal.throwIfAborted();
  const { signal: _signal, progress: _progress, log: _log, summarize: _summarize, ...data } =
    context;
  process.send({ type: "run", context: data });
  const abort = () => {
    const { name = "AbortError", message = String(signal.reason) } = signal.reason ?? {};
    process.send({ type: "abort", name, message });
  };
  signal.addEventListener("abort", abort);
  try {
    const last = await follow(process, context);
    await process.end();
    if (last.type === "error") throw decodeError(last.error, signal.reason);
    return true;
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** Passes on what the stage reports, until something comes that ends a phase. */
async function follow(process: StageProcess, context: StageContext) {
  for (;;) {
    const message = await process.next();
    if (message === undefined) throw crashError(await process.end());
    if (message.type === "progress") context.progress(message.event);
    else if (message.type === "log") context.log(message.line);
    else if (message.type === "summarize") context.summarize(message.values);
    else return message;
  }
}

/** The key holds what the module was when the run began; the process has loaded what it is now. */
async function checkSource({ specifier, source }: ResolvedStage): Promise<void> {
  if (source === undefined || await digestModule(new URL(specifier!), specifier!) === source) {
    return;
  }
  throw new Error(
    `Cannot use the module ${specifier}: expected what it was when the run began, found it ` +
      `changed; run the same command again`,
  );
}
