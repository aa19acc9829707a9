import type { Spread } from "./statistics.ts";
import type { Summary } from "./summary.ts";

/** One line of the table. */
export interface Row {
  /** The work in words. */
  readonly title: string;
  /** Nothing if it could not be measured. */
  readonly summary?: Summary;
}

const HEADER = [
  ...["work", "ours", "PyTorch", "layout", "time ratio"],
  ...["ours", "PyTorch", "memory ratio"],
];
const GIB = 2 ** 30;

const seconds = ({ median }: Spread): string => `${median.toPrecision(3)} s`;
const gibibytes = ({ median }: Spread): string => `${(median / GIB).toFixed(2)} GiB`;
const ratio = ({ median, min, max }: Spread): string =>
  `${median.toFixed(2)} (${min.toFixed(2)} to ${max.toFixed(2)})`;

function cells({ title, summary }: Row): string[] {
  if (summary === undefined) return [title, "failed", ...Array(HEADER.length - 2).fill("")];
  const { layout, time, memory } = summary;
  return [
    ...[title, seconds(time.ours), seconds(time.pytorch), layout, ratio(time.ratio)],
    ...[gibibytes(memory.ours), gibibytes(memory.pytorch), ratio(memory.ratio)],
  ];
}

/** The works as a Markdown table. A ratio is ours over PyTorch, below 1 where ours needs less. */
export function formatTable(rows: readonly Row[]): string {
  const lines = [HEADER, ...rows.map(cells)];
  const widths = HEADER.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const format = (line: string[]) =>
    `| ${line.map((cell, column) => cell.padEnd(widths[column])).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [format(lines[0]), rule, ...lines.slice(1).map(format)].join("\n");
}
