import { asObject, asText, property, show } from "./json_check.ts";
import type { LabelName } from "./dataset.ts";

/** Channel names out of `{ "0": "CT", "1": "PET" }`: the keys must count from 0. */
export function channelNames(value: unknown, path: string, problems: string[]): string[] {
  const record = asObject(value, path, problems);
  if (!record) return [];
  const keys = Object.keys(record);
  if (keys.length === 0) problems.push(`${path}: expected at least one channel, found {}`);
  const missing = keys.findIndex((_, i) => !Object.hasOwn(record, String(i)));
  if (missing >= 0) {
    problems.push(
      `${path}: expected the keys "0" to "${keys.length - 1}", found ${show(keys)}`,
    );
    return [];
  }
  return keys.map((_, i) => asText(record[i], property(path, String(i)), problems) ?? "");
}

/** Labels out of Decathlon's `{ "0": "background", "1": "liver" }`. */
export function decathlonLabels(value: unknown, path: string, problems: string[]): LabelName[] {
  const record = asObject(value, path, problems);
  if (!record) return [];
  const labels: LabelName[] = [];
  for (const [key, name] of Object.entries(record)) {
    const at = property(path, key);
    if (!/^(0|[1-9]\d{0,4})$/.test(key)) {
      problems.push(`${at}: expected a whole number from 0 to 32767 as key, found ${show(key)}`);
      continue;
    }
    addLabel(labels, { name: asText(name, at, problems) ?? "", value: Number(key) }, at, problems);
  }
  return finish(labels, path, problems);
}

/** Labels out of nnU-Net's `{ "background": 0, "liver": 1 }`. */
export function nnunetLabels(value: unknown, path: string, problems: string[]): LabelName[] {
  const record = asObject(value, path, problems);
  if (!record) return [];
  const labels: LabelName[] = [];
  for (const [name, found] of Object.entries(record)) {
    const at = property(path, name);
    if (Array.isArray(found)) {
      problems.push(`${at}: regions (lists of label values) cannot be read, found ${show(found)}`);
    } else if (name === "ignore") {
      problems.push(`${at}: an ignore label cannot be read`);
    } else {
      addLabel(labels, { name, value: found as number }, at, problems);
    }
  }
  return finish(labels, path, problems);
}

function addLabel(labels: LabelName[], label: LabelName, path: string, problems: string[]): void {
  if (!Number.isInteger(label.value) || label.value < 0 || label.value > 32767) {
    problems.push(`${path}: expected a whole number from 0 to 32767, found ${show(label.value)}`);
    return;
  }
  const same = labels.find(({ value }) => value === label.value);
  if (same) problems.push(`${path}: ${label.value} is the label "${same.name}" already`);
  else labels.push(label);
}

function finish(labels: LabelName[], path: string, problems: string[]): LabelName[] {
  labels.sort((a, b) => a.value - b.value);
  if (labels[0]?.value !== 0) problems.push(`${path}: expected a background with the value 0`);
  if (labels.length === 1) problems.push(`${path}: expected a label besides the background`);
  return labels;
}
