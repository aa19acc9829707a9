import { InterruptedError } from "../run/errors.ts";
import { loadPlan } from "../run/plan.ts";
import type { ResolveOptions } from "../run/resolve.ts";
import { type InstanceResult, runPlan } from "../run/runner.ts";
import type { Arguments } from "./arguments.ts";
import { formatSeconds, formatTable, type Terminal } from "./terminal.ts";
import { createTerminalReporter } from "./terminal_reporter.ts";

/** `run`: runs the targets, shows how it goes, ends with a table. */
export async function runCommand(
  file: string,
  { rest, set, flags }: Arguments,
  { terminal, builtins }: { terminal: Terminal } & ResolveOptions,
): Promise<number> {
  const plan = await loadPlan(file, { set, ...(builtins === undefined ? {} : { builtins }) });
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) Deno.exit(130);
    terminal.write("\nStopping after this step; press Ctrl-C again to stop at once\n");
    controller.abort(new DOMException("The run was stopped", "AbortError"));
  };
  const signals: Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
  for (const signal of signals) Deno.addSignalListener(signal, stop);
  try {
    const results = await runPlan(plan, {
      targets: rest,
      force: flags.has("force"),
      keepGoing: flags.has("keep-going"),
      signal: controller.signal,
      reporter: createTerminalReporter(terminal),
    });
    terminal.write(`\n${summarize(results)}\n`);
    return results.every(({ error }) => error === undefined) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error;
    terminal.writeError(error.message);
    return 130;
  } finally {
    for (const signal of signals) Deno.removeSignalListener(signal, stop);
  }
}

/** The table at the end. */
function summarize(results: readonly InstanceResult[]): string {
  const rows = results.map(({ id, outcome, seconds, metrics }) => [
    id,
    outcome,
    outcome === "ran" || outcome === "failed" ? formatSeconds(seconds) : "",
    Object.entries(metrics).map(([name, value]) => `${name} ${formatNumber(value)}`).join(", "),
  ]);
  return formatTable([["stage", "result", "time", ""], ...rows]);
}

function formatNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(4);
}
