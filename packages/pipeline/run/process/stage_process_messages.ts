import type { ProgressEvent, StageContext } from "../../stage.ts";
import type { EncodedError } from "./stage_process_error.ts";

/** The part of a stage's context that crosses: everything that is data. */
export type ContextData = Omit<StageContext, "signal" | "progress" | "log" | "summarize">;

/** What the pipeline tells the process of a stage, in this order. */
export type ToStage =
  | { type: "load"; specifier: string }
  | { type: "run"; context: ContextData }
  | { type: "abort"; name: string; message: string };

/**
 * What the process of a stage tells the pipeline. `started` comes before anything of the stage is
 * loaded, `ready` (or `refused`) after; then what the stage reports, and `done` or `error` last.
 */
export type FromStage =
  | { type: "started" | "ready" | "done" }
  | { type: "refused"; reason: string }
  | { type: "progress"; event: ProgressEvent }
  | { type: "log"; line: string }
  | { type: "summarize"; values: Record<string, number> }
  | { type: "error"; error: EncodedError };

/**
 * Stands before each message, as in JSON text sequences (RFC 7464), and in none of them: what else
 * comes along was printed by the stage.
 */
const mark = "\x1e";

/** Text without an end of line is passed on in pieces of about this length. */
const maximumText = 1 << 16;

/** A message as one line. JSON has no numbers that are infinite or none; those are spelled out. */
export function encodeMessage(message: ToStage | FromStage): string {
  const spell = (_: string, value: unknown) =>
    typeof value === "number" && !Number.isFinite(value) ? { $number: String(value) } : value;
  return `${mark}${JSON.stringify(message, spell)}\n`;
}

/** The messages of a stream, and what stands between them as messages `log`. */
export async function* readMessages<M extends ToStage | FromStage>(
  stream: ReadableStream<Uint8Array>,
): AsyncGenerator<M | { type: "log"; line: string }> {
  for await (const line of readLines(stream)) {
    const at = line.indexOf(mark);
    const text = at < 0 ? line : line.slice(0, at);
    if (at !== 0) yield { type: "log", line: text };
    if (at >= 0) yield decode<M>(line.slice(at + 1)) ?? { type: "log", line: line.slice(at + 1) };
  }
}

/** Undefined for what is none: two threads that print at once may tear a line. */
function decode<M>(text: string): M | undefined {
  const isSpelled = (value: unknown): value is { $number: string } =>
    typeof value === "object" && value !== null && Object.keys(value).join() === "$number";
  const revive = (_: string, value: unknown) => isSpelled(value) ? Number(value.$number) : value;
  try {
    return JSON.parse(text, revive);
  } catch {
    return undefined;
  }
}

async function* readLines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of stream) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop()!;
    yield* lines;
    if (rest.length < maximumText || rest.includes(mark)) continue;
    yield rest;
    rest = "";
  }
  if (rest !== "") yield rest;
}
