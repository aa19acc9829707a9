import type { Terminal } from "./terminal.ts";

/**
 * A signal that Ctrl-C aborts; pressed again, it ends the process. Disposed of, it listens no more.
 *
 * @param terminal Where to say so.
 * @param unit What is finished before the work stops, such as `"step"`.
 */
export function createStopSignal(
  terminal: Terminal,
  unit: string,
): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) Deno.exit(130);
    terminal.write(`\nStopping after this ${unit}; press Ctrl-C again to stop at once\n`);
    controller.abort(new DOMException("The run was stopped", "AbortError"));
  };
  const signals = stopSignals(terminal);
  for (const signal of signals) Deno.addSignalListener(signal, stop);
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      for (const signal of signals) Deno.removeSignalListener(signal, stop);
    },
  };
}

/** A closed window stops a run as Ctrl-C does; without a window (`nohup`) there is none to close. */
function stopSignals({ interactive }: Terminal): Deno.Signal[] {
  if (Deno.build.os === "windows") return ["SIGINT"];
  return ["SIGINT", "SIGTERM", ...(interactive ? ["SIGHUP" as const] : [])];
}
