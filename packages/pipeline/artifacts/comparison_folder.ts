/**
 * The `comparison` artifact: how runs differ, case by case.
 *
 *     comparison.json     every row
 *     comparison.md       a table for each pair of runs
 *     comparison.csv      one line for each row
 *
 * @module
 */
import type { ComparedMetric, RunComparison } from "@mednext/metrics";
import { join } from "@std/path";
import { writeJson } from "./json_file.ts";
import { intervalText, meanText, metricText, numberText } from "./metric_text.ts";
import { csv, markdown } from "./table.ts";

/** Differences whose corrected p-value is below this are marked. */
const LEVEL = 0.05;

/** Writes a comparison; returns what `comparison.md` says. */
export async function writeComparison(folder: string, comparison: RunComparison): Promise<string> {
  const text = comparisonText(comparison);
  await Deno.mkdir(folder, { recursive: true });
  await writeJson(join(folder, "comparison.json"), { format: 1, ...comparison });
  await Deno.writeTextFile(join(folder, "comparison.md"), text + "\n");
  await Deno.writeTextFile(join(folder, "comparison.csv"), comparisonCsv(comparison));
  return text;
}

/** A table for each pair of runs, and what its columns mean. */
export function comparisonText({ cases, rows, bootstrap }: RunComparison): string {
  const pairs = [...Map.groupBy(rows, ({ first, second }) => JSON.stringify([first, second]))];
  const tables = pairs.map(([, pair]) => pairTable(pair));
  const tests = rows.filter(({ pValue }) => pValue !== null).length;
  const legend = [
    `Difference: second minus first, mean over ${cases.length} cases. ${intervalText(bootstrap)}`,
    "p: Wilcoxon's signed-rank test, two-sided. " +
    `p (Holm): corrected for the ${tests} tests here; * marks those below ${LEVEL}.`,
  ].join("\n\n");
  return [...tables, legend].join("\n\n");
}

function pairTable(rows: readonly ComparedMetric[]): string {
  const [{ first, second }] = rows;
  const header = ["label", "metric", first, second, "difference", "cases", "p", "p (Holm)"];
  return markdown(
    header,
    rows.map((row) => [
      row.label ?? "mean",
      metricText(row),
      numberText(row.firstMean),
      numberText(row.secondMean),
      (row.difference.value! > 0 ? "+" : "") +
      meanText({ ...row.difference, interval: row.interval }),
      row.used < row.of ? `${row.used} of ${row.of}` : String(row.of),
      pText(row.pValue),
      pText(row.pHolm) + (row.pHolm !== null && row.pHolm < LEVEL ? " *" : ""),
    ]),
  );
}

function pText(p: number | null): string {
  if (p === null) return "–";
  return p < 0.0001 ? "< 0.0001" : p.toFixed(4);
}

function comparisonCsv({ rows }: RunComparison): string {
  const header = [
    ["first", "second", "label", "metric", "convention", "tolerance", "percentile"],
    ["first mean", "second mean", "difference", "low", "high", "used", "of"],
    ["statistic", "method", "p", "p holm"],
  ].flat();
  const lines = rows.map((row) => [
    ...[row.first, row.second, row.label ?? "mean", row.metric, row.convention],
    ...[row.tolerance ?? "", row.percentile ?? ""],
    ...[row.firstMean, row.secondMean, row.difference].map((mean) => mean.value ?? mean.notFinite!),
    ...[row.interval?.low ?? "", row.interval?.high ?? "", row.used, row.of],
    ...[row.statistic, row.method, row.pValue ?? "", row.pHolm ?? ""],
  ]);
  return csv([header, ...lines]);
}
