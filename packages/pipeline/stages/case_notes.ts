import type { CaseReport, LabelName, ReadVolume } from "@mednext/data";

/** At most this many names stand in a line. */
const NAMED = 10;

/** A case as it was read. */
export interface ReadCase {
  readonly id: string;
  readonly images: readonly ReadVolume[];
  readonly label?: ReadVolume | undefined;
}

/**
 * What is odd about a case and no error, one line each: how its files were taken, an image without
 * contrast, a label map without labels.
 */
export function caseNotes({ id, images, label }: ReadCase, report: CaseReport): string[] {
  const lines = [...images, ...(label ? [label] : [])].flatMap(({ notes }) => notes);
  for (const { data } of images) {
    if (isConstant(data)) lines.push(`every image value is ${data[0]}`);
  }
  if (label && report.labelValues.every((value) => value === 0)) {
    lines.push("the label map holds background alone");
  }
  return [...new Set(lines)].map((line) => `${id}: ${line}`);
}

/** Says that pairs in the folder are left out because `dataset.json` does not list them. */
export function unlistedNotes(unlisted: readonly string[]): string[] {
  if (unlisted.length === 0) return [];
  const more = unlisted.length > NAMED ? ` and ${unlisted.length - NAMED} more` : "";
  return [
    `dataset.json leaves out ${unlisted.length} of the cases with labels: ` +
    `${unlisted.slice(0, NAMED).join(", ")}${more}`,
  ];
}

/** Says which labels no case holds, so that a network cannot learn them. */
export function absentLabelNotes(
  labels: readonly LabelName[],
  reports: readonly CaseReport[],
): string[] {
  const seen = new Set(reports.flatMap(({ labelValues }) => labelValues));
  return labels.filter(({ value }) => value !== 0 && !seen.has(value))
    .map(({ name, value }) => `no case holds the label ${value} (${name})`);
}

function isConstant(data: ArrayLike<number>): boolean {
  for (let i = 1; i < data.length; i++) if (!Object.is(data[i], data[0])) return false;
  return true;
}
