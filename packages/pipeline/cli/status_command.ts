import { loadPlan } from "../run/plan.ts";
import type { ResolveOptions } from "../run/resolve.ts";
import { statusOf } from "../run/status.ts";
import type { Arguments } from "./arguments.ts";
import { planOptions } from "./plan_options.ts";
import { formatTable, type Terminal } from "./terminal.ts";

/** `status`: shows what is up to date; with `--why`, what changed. */
export async function statusCommand(
  file: string,
  read: Arguments,
  options: { terminal: Terminal } & ResolveOptions,
): Promise<number> {
  const { rest, flags } = read;
  const { terminal } = options;
  const plan = await loadPlan(file, planOptions(read, options));
  const statuses = await statusOf(plan, rest);
  const why = flags.has("why");
  const rows = statuses.map(({ id, state, reason = "" }) =>
    why ? [id, state, reason] : [id, state]
  );
  terminal.write(
    `${formatTable([why ? ["stage", "state", "why"] : ["stage", "state"], ...rows])}\n`,
  );
  const open = statuses.filter(({ state }) => state === "stale" || state === "waiting").length;
  terminal.write(open === 0 ? "\nNothing to run\n" : `\n${open} of ${statuses.length} to run\n`);
  return 0;
}
