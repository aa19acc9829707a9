import type { CaseEvaluation } from "../case_evaluation.ts";
import { checkCases, listed, signature } from "./check_cases.ts";

/** Refuses runs that cannot be compared case by case. */
export function checkRuns(
  runs: readonly { name: string; cases: readonly CaseEvaluation[] }[],
): void {
  const names = runs.map(({ name }) => name);
  if (runs.length < 2 || new Set(names).size !== names.length) {
    throw new RangeError(
      `Cannot compare runs as there must be at least two, each with a name of its own: found ${
        listed(names) || "none"
      }`,
    );
  }
  const [first, ...others] = runs;
  for (const { name, cases } of runs) checkCases(cases, { what: `compare run ${listed([name])}` });
  for (const { name, cases } of others) {
    const only = (these: readonly CaseEvaluation[], those: readonly CaseEvaluation[]) => {
      const ids = new Set(those.map(({ id }) => id));
      return these.map(({ id }) => id).filter((id) => !ids.has(id));
    };
    const [before, here] = [only(first.cases, cases), only(cases, first.cases)];
    const different = [
      ...(before.length === 0 ? [] : [`only ${listed([first.name])} has ${listed(before)}`]),
      ...(here.length === 0 ? [] : [`only ${listed([name])} has ${listed(here)}`]),
    ];
    if (different.length > 0) {
      throw new RangeError(
        `Cannot compare runs as all must have the same cases: ${different.join(", ")}`,
      );
    }
    if (signature(cases[0]) !== signature(first.cases[0])) {
      throw new RangeError(
        `Cannot compare runs as all must have the same labels and metrics: ${
          listed([name])
        } has others than ${listed([first.name])}`,
      );
    }
  }
}
