import { markdown } from "../../artifacts/table.ts";
import type { DiceMeans, Trial } from "./learn_postprocessing.ts";

/** What was tried and what came of it, as a table with what it means. */
export function trialsText(trials: readonly Trial[], cases: number): string {
  const names = Object.keys(trials[0].before.labels);
  const row = (first: string, second: string, { foreground, labels }: DiceMeans) => [
    first,
    second,
    ...names.map((name) => labels[name].toFixed(4)),
    foreground.toFixed(4),
  ];
  const kept = trials.filter((trial) => trial.kept).map(({ step }) => step.name);
  return [
    `Mean Dice of ${cases} ${cases === 1 ? "case" : "cases"} when only the largest component is ` +
    "kept, step by step:",
    markdown(["largest component of", "kept", ...names, "mean"], [
      row("(nothing removed)", "", trials[0].before),
      ...trials.map(({ step, after, kept }) => row(step.name, kept ? "yes" : "no", after)),
    ]),
    kept.length === 0
      ? "It does not help: masks are left as they are."
      : `It helps for: ${kept.join(", ")}.`,
  ].join("\n\n");
}
