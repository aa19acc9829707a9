/**
 * The `report` artifact: what was measured, for people and for programs.
 *
 *     summary.json        means, each label's means, and every case
 *     table.md            the same as a table
 *     cases.csv           one line for each case and label
 *     pictures/<id>.png   image, truth and mask
 *
 * @module
 */
import type { CaseEvaluation, JsonNumber, MetricsSummary } from "@mednext/metrics";
import { join } from "@std/path";
import { writeJson } from "./json_file.ts";

/** Writes `summary.json`, `table.md` and `cases.csv`; returns the table. */
export async function writeReport(
  folder: string,
  { summary, cases }: { summary: MetricsSummary; cases: CaseEvaluation[] },
): Promise<string> {
  const table = markdownTable(summary);
  await writeJson(join(folder, "summary.json"), {
    format: 1,
    mean: foregroundMeans(summary),
    labels: summary.labels,
    foreground: summary.foreground,
    cases,
  });
  await Deno.writeTextFile(join(folder, "table.md"), table + "\n");
  await Deno.writeTextFile(join(folder, "cases.csv"), csv(cases));
  return table;
}

/** The foreground mean of each metric by its name: `{ dice: 0.9, nsd: 0.95 }`; `null` if not finite. */
export function foregroundMeans({ foreground }: MetricsSummary): Record<string, number | null> {
  const means: Record<string, number | null> = {};
  for (const { metric, convention, value } of foreground) {
    // The same metric by a second convention gets the convention into its name.
    means[metric in means ? `${metric}_${convention}` : metric] = value;
  }
  return means;
}

/** A table with one row for each label and one for their mean, one column for each metric. */
export function markdownTable({ labels, foreground, cases }: MetricsSummary): string {
  const header = ["label", ...foreground.map(columnName)];
  const rows = labels.map(({ name, metrics }) => [
    name,
    ...metrics.map((mean) =>
      cell(mean) + (mean.used < mean.of ? ` (${mean.used} of ${mean.of})` : "")
    ),
  ]);
  rows.push([
    `mean, ${cases.length} ${cases.length === 1 ? "case" : "cases"}`,
    ...foreground.map(cell),
  ]);
  const widths = header.map((_, c) => Math.max(...[header, ...rows].map((row) => row[c].length)));
  const line = (row: string[]) => `| ${row.map((text, c) => text.padEnd(widths[c])).join(" | ")} |`;
  return [line(header), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join(
    "\n",
  );
}

function columnName(
  { metric, convention, tolerance }: { metric: string; convention: string; tolerance?: number },
): string {
  return `${metric} (${convention}${tolerance === undefined ? "" : `, ${tolerance} mm`})`;
}

function cell({ value, notFinite }: JsonNumber): string {
  return value === null ? notFinite ?? "NaN" : value.toFixed(4);
}

function csv(cases: CaseEvaluation[]): string {
  const metrics = cases[0].labels[0].metrics.map(columnName);
  const header = ["case", "label", ...metrics, "reference ml", "prediction ml"];
  const rows = cases.flatMap(({ id, labels }) =>
    labels.map(({ name, metrics, referenceMl, predictionMl }) => [
      id,
      name,
      ...metrics.map(({ value, notFinite }) => value ?? notFinite ?? "NaN"),
      referenceMl,
      predictionMl,
    ])
  );
  return [header, ...rows].map((row) => row.map(quoted).join(",") + "\n").join("");
}

function quoted(value: string | number): string {
  const text = String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
