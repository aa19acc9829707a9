import type { PlanOptions } from "../run/plan.ts";
import type { ResolveOptions } from "../run/resolve.ts";
import type { Arguments } from "./arguments.ts";

/** What the command line changes in a pipeline. */
export function planOptions(
  { set, maxMinutes }: Arguments,
  { builtins }: ResolveOptions,
): PlanOptions {
  return {
    set,
    ...(maxMinutes === undefined ? {} : { maxMinutes }),
    ...(builtins === undefined ? {} : { builtins }),
  };
}
