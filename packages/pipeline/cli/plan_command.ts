import type { BoundInstance } from "../graph/bind.ts";
import { loadPlan, selectTargets } from "../run/plan.ts";
import type { ResolveOptions } from "../run/resolve.ts";
import type { Arguments } from "./arguments.ts";
import { planOptions } from "./plan_options.ts";
import { formatTable, type Terminal } from "./terminal.ts";

/** `plan`: shows the instances in order, where their code comes from and what they read. */
export async function planCommand(
  file: string,
  read: Arguments,
  options: { terminal: Terminal } & ResolveOptions,
): Promise<number> {
  const { rest } = read;
  const { terminal } = options;
  const plan = await loadPlan(file, planOptions(read, options));
  const rows = selectTargets(plan, rest).map((instance) => {
    const { uses } = plan.pipeline.spec.stages[instance.stage];
    const { stage } = plan.stages.get(instance.stage)!;
    return [instance.id, uses, `revision ${stage.revision}`, describeInputs(instance)];
  });
  terminal.write(`${formatTable([["stage", "uses", "revision", "reads"], ...rows])}\n`);
  return 0;
}

function describeInputs({ inputs }: BoundInstance): string {
  return Object.entries(inputs).map(([port, { from }]) => {
    const names = from.map((origin) =>
      "source" in origin ? `sources.${origin.source}` : `${origin.instance}.${origin.port}`
    );
    return `${port}: ${names.join(" + ")}`;
  }).join(", ");
}
