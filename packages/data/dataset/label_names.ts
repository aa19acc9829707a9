import type { LabelDescription, LabelName } from "./dataset.ts";
import { asObject, asText, property, show } from "./json_check.ts";
import { describeRegions, type NamedValues } from "./regions.ts";

/** Label maps hold no larger value: 16 bits without a sign. */
const LARGEST_VALUE = 65535;
/** Preprocessed labels are classes in 16 bits with a sign; the class after the last is ignored. */
const MOST_LABELS = 32767;
/** Voxels of a label with this name are not learnt from (nnU-Net `documentation/ignore_label.md`). */
const IGNORE = "ignore";
const PATH = "$.labels";

/** Labels out of Decathlon's `{ "0": "background", "1": "liver" }`. */
export function decathlonLabels(
  json: Record<string, unknown>,
  problems: string[],
): LabelDescription {
  const record = asObject(json.labels, PATH, problems);
  if (!record) return { labels: [] };
  const entries: NamedValues[] = [];
  for (const [key, found] of Object.entries(record)) {
    const at = property(PATH, key);
    const name = asText(found, at, problems) ?? "";
    if (/^(0|[1-9]\d{0,4})$/.test(key) && Number(key) <= LARGEST_VALUE) {
      entries.push({ name, at, values: [Number(key)] });
    } else {
      problems.push(
        `${at}: expected a whole number from 0 to ${LARGEST_VALUE} as key, found ${show(key)}`,
      );
    }
  }
  return describe(entries, json, problems);
}

/**
 * Labels out of nnU-Net's `{ "background": 0, "liver": 1 }`; a list of several values makes regions
 * of all of them (nnU-Net `utilities/label_handling/label_handling.py`).
 */
export function nnunetLabels(json: Record<string, unknown>, problems: string[]): LabelDescription {
  const record = asObject(json.labels, PATH, problems);
  if (!record) return { labels: [] };
  const entries: NamedValues[] = [];
  for (const [name, found] of Object.entries(record)) {
    const at = property(PATH, name);
    const values = Array.isArray(found) && name !== IGNORE ? found : [found];
    const wrong = values.filter((value) => !isLabelValue(value));
    if (values.length === 0) problems.push(`${at}: expected at least one label value, found []`);
    for (const value of wrong) {
      problems.push(
        `${at}: expected a whole number from 0 to ${LARGEST_VALUE}, found ${show(value)}`,
      );
    }
    if (wrong.length === 0 && values.length > 0) entries.push({ name, at, values });
  }
  return describe(entries, json, problems);
}

function isLabelValue(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= LARGEST_VALUE;
}

/** What the entries of `labels` mean together. */
function describe(
  entries: NamedValues[],
  json: Record<string, unknown>,
  problems: string[],
): LabelDescription {
  const ignore = entries.find(({ name }) => name === IGNORE);
  const named = entries.filter((entry) => entry !== ignore);
  const description = named.some(({ values }) => values.length > 1)
    ? describeRegions(named, json.regions_class_order, problems)
    : { labels: plainLabels(named, problems) };
  checkLabels(description.labels, named, problems);
  if (!ignore) return description;
  const [value] = ignore.values, largest = description.labels.at(-1)?.value ?? 0;
  if (value <= largest) {
    problems.push(
      `${ignore.at}: expected a value above ${largest}, the largest label, as these voxels are no ` +
        `class; found ${value}`,
    );
  }
  return { ...description, ignoreLabel: value };
}

function plainLabels(entries: NamedValues[], problems: string[]): LabelName[] {
  const labels: LabelName[] = [];
  for (const { name, at, values: [value] } of entries) {
    const same = labels.find((label) => label.value === value);
    if (same) problems.push(`${at}: ${value} is the label "${same.name}" already`);
    else labels.push({ name, value });
  }
  return labels.sort((a, b) => a.value - b.value);
}

function checkLabels(labels: LabelName[], entries: NamedValues[], problems: string[]): void {
  const background = entries.find(({ name }) => name === "background");
  if (background && String(background.values) !== "0") {
    problems.push(`${background.at}: expected 0, found ${show(background.values)}`);
  } else if (labels[0]?.value !== 0) {
    problems.push(`${PATH}: expected a background with the value 0`);
  }
  if (labels.length === 1) problems.push(`${PATH}: expected a label besides the background`);
  if (labels.length > MOST_LABELS) {
    problems.push(`${PATH}: expected at most ${MOST_LABELS} labels, found ${labels.length}`);
  }
}
