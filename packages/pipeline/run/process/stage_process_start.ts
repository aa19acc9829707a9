import { v8Flags } from "@mednext/kernels/v8-flags";
import { stageCommand } from "./stage_process_command.ts";
import {
  encodeMessage,
  type FromStage,
  readMessages,
  type ToStage,
} from "./stage_process_messages.ts";

/** The process of a stage. */
export interface StageProcess extends AsyncDisposable {
  /** What it says next; undefined when it has ended. */
  next(): Promise<FromStage | undefined>;
  /** Tells it something. */
  send(message: ToStage): void;
  /** Lets it end by itself, if it does so soon, and says how it ended. */
  end(): Promise<Deno.CommandStatus>;
}

/** Milliseconds until a process that should have ended is ended, and its pipe is closed. */
const patience = 2000;

/** Milliseconds in which a signal that ended a process reaches this one, too. */
const signalDelay = 200;

/** Signals of a process that reached into memory that is not its own. */
const faults: readonly (string | null)[] = ["SIGSEGV", "SIGBUS", "SIGILL"];

/** How many of V8's flags, from the first on, this Deno refuses: that stays so while it runs. */
let refusedFlags = 0;

/**
 * Starts the process of a stage, without the flags that this version of V8 does not know. It is
 * ended when it is disposed of, and when this process ends.
 *
 * @param signal Aborted when nobody wants it any more.
 * @param flags Flags of V8; the first is the first to go.
 * @returns The process; undefined if Deno does not start at all.
 */
export async function startStage(
  signal: AbortSignal,
  flags: readonly string[] = v8Flags(),
): Promise<StageProcess | undefined> {
  for (; refusedFlags <= flags.length; refusedFlags++) {
    const process = spawn(flags.slice(refusedFlags));
    if ((await process.next())?.type === "started") return process;
    const status = await process.end();
    await process[Symbol.asyncDispose]();
    if (status.signal === null) continue;
    await new Promise((resolve) => setTimeout(resolve, signalDelay)); // Ctrl-C is for both
    signal.throwIfAborted();
    throw crashError(status);
  }
}

/** The error of a stage whose process ended before it was done. */
export function crashError({ code, signal }: Deno.CommandStatus): Error {
  const how = signal === null ? `the exit code ${code}` : `the signal ${signal}`;
  const hint = signal === "SIGKILL" || code === 137
    ? "; unless somebody ended it, the machine had no memory left for it"
    : faults.includes(signal)
    ? "; `compute: { ownProcess: false }` runs it without the flags of V8 that allow this"
    : "";
  const error = new Error(`the process of the stage ended with ${how}${hint}`);
  delete error.stack; // no place in this code says more
  return error;
}

function spawn(flags: readonly string[]): StageProcess {
  const child = stageCommand(flags).spawn();
  const kill = () => {
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
  };
  addEventListener("unload", kill);
  // A process that the stage itself has started may hold the pipe open for longer than it lives.
  const gone = new AbortController();
  let closing: ReturnType<typeof setTimeout> | undefined;
  void child.status.then(() => closing = setTimeout(() => gone.abort(), patience));
  const passed = new TransformStream<Uint8Array, Uint8Array>();
  const messages = readMessages<FromStage>(
    child.stdout.pipeThrough(passed, { signal: gone.signal }),
  );
  const writer = child.stdin.getWriter();
  const encoder = new TextEncoder();
  return {
    async next() {
      try {
        return (await messages.next()).value;
      } catch (error) {
        if (gone.signal.aborted) return undefined;
        throw error;
      }
    },
    send: (message) => {
      const sent = writer.write(encoder.encode(encodeMessage(message)));
      sent.catch(() => {}); // it has ended, and `next` says so
    },
    async end() {
      const timer = setTimeout(kill, patience);
      const status = await child.status;
      clearTimeout(timer);
      return status;
    },
    async [Symbol.asyncDispose]() {
      removeEventListener("unload", kill);
      kill();
      await child.status;
      clearTimeout(closing);
      await messages.return(undefined);
      await writer.close().catch(() => {});
    },
  };
}
