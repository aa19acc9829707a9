import type { CaseReport, LabelName, LabelRegion, ReadVolume, Split } from "@mednext/data";

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
export function caseNotes(
  { id, images, label }: ReadCase,
  report: CaseReport,
  ignoreLabel?: number,
): string[] {
  const lines = [...images, ...(label ? [label] : [])].flatMap(({ notes }) => notes);
  for (const { data } of images) {
    if (isConstant(data)) lines.push(`every image value is ${data[0]}`);
  }
  const { labelValues } = report;
  if (label && labelValues.every((value) => value === ignoreLabel)) {
    lines.push("the label map holds the ignore label alone");
  } else if (label && labelValues.every((value) => value === 0 || value === ignoreLabel)) {
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

/**
 * Says which labels no case holds, so that a network cannot learn them, and in which folds there is none to train
 * on or to validate with.
 */
export function absentLabelNotes(
  labels: readonly LabelName[],
  reports: ReadonlyMap<string, CaseReport>,
  splits: readonly Split[],
): string[] {
  return labels.filter(({ value }) => value !== 0).flatMap(({ name, value }) => {
    const hasIt = (id: string) => reports.get(id)?.labelValues.includes(value) === true;
    const label = `the label ${value} (${name})`;
    if (![...reports.keys()].some(hasIt)) return [`no case holds ${label}`];
    return splits.flatMap(({ train, val }, fold) => [
      ...(train.some(hasIt) ? [] : [`no training case of fold ${fold} holds ${label}`]),
      ...(val.some(hasIt) ? [] : [`no validation case of fold ${fold} holds ${label}`]),
    ]);
  });
}

/** Says which regions can never be seen, as a later one that is as large or larger paints over them. */
export function hiddenRegionNotes(regions: readonly LabelRegion[] = []): string[] {
  return regions.flatMap(({ name, values }, i) => {
    const over = regions.slice(i + 1).find((later) =>
      values.every((value) => later.values.includes(value))
    );
    return over === undefined ? [] : [
      `the region "${over.name}" is painted after "${name}" and covers it: masks will not show ` +
      `"${name}"; dataset.json must list larger regions first`,
    ];
  });
}

function isConstant(data: ArrayLike<number>): boolean {
  for (let i = 1; i < data.length; i++) if (!Object.is(data[i], data[0])) return false;
  return true;
}
