/**
 * The `report` artifact: what was measured, for people and for programs.
 *
 *     summary.json            means with their intervals, each label's means, and every case
 *     nnunet_summary.json     counts, Dice and IoU in the layout of nnU-Net's summary.json
 *     table.md                the means as a table
 *     cases.csv               one line for each case and label
 *     pictures/<id>.png       image, truth and mask
 *
 * Two files, because `mean` cannot be both: in `summary.json` it holds the foreground means by metric,
 * in nnU-Net's the means by label. nnU-Net writes `NaN` as such, which is not JSON but what its own tools
 * and Python read; `summary.json` is strict JSON.
 *
 * @module
 */
import {
  type CaseEvaluation,
  type MetricsSummary,
  type NnunetSummary,
  nnunetSummary,
  type NnunetSummaryOptions,
} from "@mednext/metrics";
import { join } from "@std/path";
import { readJson, writeJson } from "./json_file.ts";
import { intervalText, meanText, metricText } from "./metric_text.ts";
import { REPORT_SCHEMA } from "./report_schema.ts";
import { csv, markdown } from "./table.ts";

const FORMAT = 1;
const FILE = "summary.json";

/** What a report holds, as far as other stages read it. */
export interface Report {
  /** Version of this layout. */
  format: 1;
  /** Every case. */
  cases: CaseEvaluation[];
}

/** What {@linkcode writeReport} writes. */
export interface ReportContent extends NnunetSummaryOptions {
  /** The means. */
  summary: MetricsSummary;
  /** Every case. */
  cases: CaseEvaluation[];
}

/** Writes everything but the pictures; returns the table. */
export async function writeReport(
  folder: string,
  { summary, cases, files }: ReportContent,
): Promise<string> {
  const table = markdownTable(summary);
  const { labels, foreground, bootstrap } = summary;
  await writeJson(join(folder, FILE), {
    format: FORMAT,
    mean: foregroundMeans(summary),
    labels,
    foreground,
    ...(bootstrap === undefined ? {} : { bootstrap }),
    cases,
  });
  const nnunet = nnunetText(nnunetSummary(cases, { files }));
  await Deno.writeTextFile(join(folder, "nnunet_summary.json"), nnunet);
  await Deno.writeTextFile(join(folder, "table.md"), table + "\n");
  await Deno.writeTextFile(join(folder, "cases.csv"), casesCsv(cases));
  return table;
}

/**
 * Reads the cases of a report.
 *
 * @throws {Error} If there is none.
 * @throws {SyntaxError} If it is no report; every problem is listed.
 */
export async function readReport(folder: string): Promise<Report> {
  const options = { format: FORMAT, what: "a report", schema: REPORT_SCHEMA };
  return await readJson<Report>(join(folder, FILE), options);
}

/** As nnU-Net writes it: four spaces, `NaN` as such. */
function nnunetText(summary: NnunetSummary): string {
  const text = JSON.stringify(
    summary,
    (_, value) => Number.isNaN(value) ? "<NaN>" : value,
    4,
  );
  return text.replaceAll('"<NaN>"', "NaN") + "\n";
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
export function markdownTable({ labels, foreground, cases, bootstrap }: MetricsSummary): string {
  const rows = labels.map(({ name, metrics }) => [
    name,
    ...metrics.map((mean) =>
      meanText(mean) + (mean.used < mean.of ? ` (${mean.used} of ${mean.of})` : "")
    ),
  ]);
  rows.push([
    `mean, ${cases.length} ${cases.length === 1 ? "case" : "cases"}`,
    ...foreground.map(meanText),
  ]);
  const table = markdown(["label", ...foreground.map(metricText)], rows);
  const means = [...foreground, ...labels.flatMap(({ metrics }) => metrics)];
  const bracketed = means.some(({ interval }) => interval !== undefined);
  return bootstrap && bracketed ? `${table}\n\n${intervalText(bootstrap)}` : table;
}

function casesCsv(cases: CaseEvaluation[]): string {
  const metrics = cases[0].labels[0].metrics.map(metricText);
  const header = ["case", "label", ...metrics, "reference ml", "prediction ml"];
  const rows = cases.flatMap(({ id, labels }) =>
    labels.map((label) => [
      id,
      label.name,
      ...label.metrics.map(({ value, notFinite }) => value ?? notFinite ?? "NaN"),
      label.referenceMl,
      label.predictionMl,
      label.truePositives,
      label.falsePositives,
      label.falseNegatives,
      label.trueNegatives,
    ])
  );
  return csv([[...header, "tp", "fp", "fn", "tn"], ...rows]);
}
