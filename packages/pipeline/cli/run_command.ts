import { relative } from "@std/path";
import { InterruptedError } from "../run/errors.ts";
import { isInside } from "../run/digest.ts";
import { loadPlan, type Plan, publishedPath } from "../run/plan.ts";
import type { ResolveOptions } from "../run/resolve.ts";
import { type InstanceResult, runPlan } from "../run/runner.ts";
import type { Arguments } from "./arguments.ts";
import { planOptions } from "./plan_options.ts";
import { createStopSignal } from "./stop_signal.ts";
import { formatSeconds, formatTable, type Terminal } from "./terminal.ts";
import { createTerminalReporter } from "./terminal_reporter.ts";

/** `run`: runs the targets, shows how it goes, ends with a table. */
export async function runCommand(
  file: string,
  read: Arguments,
  options: { terminal: Terminal } & ResolveOptions,
): Promise<number> {
  const { rest, flags } = read;
  const { terminal } = options;
  const plan = await loadPlan(file, planOptions(read, options));
  using stop = createStopSignal(terminal, "step");
  try {
    const results = await runPlan(plan, {
      targets: rest,
      force: flags.has("force"),
      keepGoing: flags.has("keep-going"),
      signal: stop.signal,
      reporter: createTerminalReporter(terminal),
    });
    terminal.write(`\n${summarize(results)}\n`);
    const published = publishedBy(results, plan);
    if (published.length > 0) terminal.write(`\nPublished: ${published.join(", ")}\n`);
    return results.every(({ error }) => error === undefined) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error;
    terminal.writeError(error.message);
    return 130;
  }
}

/** Where the stages that have a result published it, as seen from the current folder. */
function publishedBy(results: readonly InstanceResult[], { pipeline, instances }: Plan): string[] {
  const done = new Set(results.filter(({ error }) => error === undefined).map(({ id }) => id));
  const stages = new Set(instances.filter(({ id }) => done.has(id)).map(({ stage }) => stage));
  const paths = [...stages].flatMap((stage) => Object.values(pipeline.spec.stages[stage].publish));
  return paths.map((path) => {
    const absolute = publishedPath(pipeline, path);
    return isInside(absolute, Deno.cwd()) ? relative(Deno.cwd(), absolute) : absolute;
  });
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
