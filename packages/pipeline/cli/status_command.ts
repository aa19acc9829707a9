import { loadPlan } from "../run/plan.ts";
import type { ResolveOptions } from "../run/resolve.ts";
import { statusOf } from "../run/status.ts";
import type { Arguments } from "./arguments.ts";
import { formatTable, type Terminal } from "./terminal.ts";

/** `status`: shows what is up to date; with `--why`, what changed. */
export async function statusCommand(
  file: string,
  { rest, set, flags }: Arguments,
  { terminal, builtins }: { terminal: Terminal } & ResolveOptions,
): Promise<number> {
  const plan = await loadPlan(file, { set, ...(builtins === undefined ? {} : { builtins }) });
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
