import type { CaseEvaluation } from "../case_evaluation.ts";
import type { ComparedMetric } from "../run_comparison.ts";
import { nanMean } from "./bootstrap_means.ts";
import { fromJsonNumber } from "./json_number.ts";

/** A metric of a label, or of the mean over labels, with its value in each case. */
export interface Column {
  named: Pick<ComparedMetric, "label" | "metric" | "convention" | "tolerance" | "percentile">;
  values: Float64Array;
}

/** Every metric of every label, and of their mean in each case if there are several. */
export function columnsOf(cases: readonly CaseEvaluation[], ids: readonly string[]): Column[] {
  const byId = new Map(cases.map((entry) => [entry.id, entry]));
  const ordered = ids.map((id) => byId.get(id)!);
  const { labels } = ordered[0];
  const columns = labels.flatMap(({ name }, i) =>
    labels[i].metrics.map(({ metric, convention, tolerance, percentile }, j) => ({
      named: {
        label: name,
        metric,
        convention,
        ...(tolerance === undefined ? {} : { tolerance }),
        ...(percentile === undefined ? {} : { percentile }),
      },
      values: Float64Array.from(ordered, (entry) => fromJsonNumber(entry.labels[i].metrics[j])),
    }))
  );
  const width = labels[0].metrics.length;
  const part = [...labels.keys()].filter((i) => labels[i].values.some((value) => value !== 0));
  if (part.length < 2) return columns;
  const means = labels[0].metrics.map((_, j) => {
    const group = part.map((i) => columns[i * width + j]);
    const values = Float64Array.from(ids, (_, k) => nanMean(group.map(({ values }) => values[k])));
    return { named: { ...group[0].named, label: null }, values };
  });
  return [...columns, ...means];
}
