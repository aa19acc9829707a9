import type { CaseEvaluation, LabelEvaluation } from "../case_evaluation.ts";

/** Ids for a message. */
export function listed(ids: readonly string[]): string {
  return ids.map((id) => JSON.stringify(id)).join(", ");
}

/** Refuses cases that are missing, unexpected, repeated, or differ in labels or metrics. */
export function checkCases(
  cases: readonly CaseEvaluation[],
  { what, expected }: { what: string; expected?: readonly string[] },
): void {
  const ids = cases.map(({ id }) => id);
  const missing = expected?.filter((id) => !ids.includes(id)) ?? [];
  if (missing.length > 0) {
    throw new RangeError(
      `Cannot ${what} as every case must have a prediction: missing ${listed(missing)}`,
    );
  }
  if (ids.length === 0) {
    throw new RangeError(`Cannot ${what} as there must be at least one case: found none`);
  }
  const unexpected = expected === undefined ? [] : ids.filter((id) => !expected.includes(id));
  if (unexpected.length > 0) {
    throw new RangeError(
      `Cannot ${what} as every case must be an expected one: found ${listed(unexpected)}`,
    );
  }
  const twice = ids.filter((id, i) => ids.indexOf(id) !== i);
  if (twice.length > 0) {
    throw new RangeError(
      `Cannot ${what} as every case must be given once: found ${listed(twice)} again`,
    );
  }
  const different = cases.filter((entry) => signature(entry) !== signature(cases[0]));
  if (different.length > 0) {
    throw new RangeError(
      `Cannot ${what} as all cases must have the labels and metrics of case ${
        listed([ids[0]])
      }: different in ${listed(different.map(({ id }) => id))}`,
    );
  }
}

/** What was measured, as text to compare. */
export function signature({ labels }: CaseEvaluation): string {
  return JSON.stringify(labels.map(({ name, values, metrics }: LabelEvaluation) => [
    name,
    values,
    metrics.map(({ metric, convention, tolerance, percentile }) => [
      metric,
      convention,
      tolerance,
      percentile,
    ]),
  ]));
}
