import type { LabelDescription, LabelName, LabelRegion } from "./dataset.ts";
import { show } from "./json_check.ts";

/** An entry of `labels`: what it is called, where it stands, and its value or values. */
export interface NamedValues {
  name: string;
  at: string;
  values: number[];
}

/**
 * What labels mean of which one at least is a list: every entry but the background is a region, in
 * the order of the file (nnU-Net `documentation/region_based_training.md`).
 */
export function describeRegions(
  entries: NamedValues[],
  order: unknown,
  problems: string[],
): LabelDescription {
  const found = entries.filter(({ values }) => String(values) !== "0");
  found.forEach((entry, i) => checkRegion(entry, found.slice(0, i), problems));
  const regions = found.map(({ name, values }) => ({ name, values }));
  checkOrder(order, regions, problems);
  return {
    labels: labelsOf(entries, regions),
    regions,
    regionsClassOrder: order as number[],
  };
}

function checkRegion(
  { name, at, values }: NamedValues,
  earlier: NamedValues[],
  problems: string[],
): void {
  if (values.includes(0)) {
    problems.push(`${at}: expected a region without the background, 0, found ${show(values)}`);
  }
  if (new Set(values).size < values.length) {
    problems.push(`${at}: expected every value once, found ${show(values)}`);
  }
  const same = earlier.find((other) => sorted(other.values) === sorted(values));
  if (same) problems.push(`${at}: ${show(values)} is the region "${same.name}" already`);
  // JSON.parse puts such keys before all others, and the order of the regions has a meaning.
  if (/^(0|[1-9]\d*)$/.test(name)) {
    problems.push(`${at}: expected a name that is no whole number, as there are regions`);
  }
}

function sorted(values: number[]): string {
  return String([...values].sort((a, b) => a - b));
}

function checkOrder(order: unknown, regions: LabelRegion[], problems: string[]): void {
  const at = "$.regions_class_order";
  const names = regions.map(({ name }) => name).join(", ");
  if (!Array.isArray(order) || order.length !== regions.length) {
    problems.push(
      `${at}: expected ${regions.length} values, with which the regions ${names} are painted in ` +
        `this order, found ${show(order)}`,
    );
    return;
  }
  regions.forEach(({ name, values }, i) => {
    if (values.includes(order[i])) return;
    problems.push(
      `${at}[${i}]: expected a value of the region "${name}", ${values.join(" or ")}, ` +
        `found ${show(order[i])}`,
    );
  });
}

/** Background and every value of a region, named after the region that is this value alone. */
function labelsOf(entries: NamedValues[], regions: LabelRegion[]): LabelName[] {
  const nameOf = (value: number) =>
    regions.find(({ values }) => values.length === 1 && values[0] === value)?.name ??
      `label ${value}`;
  const background = entries.find(({ values }) => String(values) === "0");
  const values = new Set(regions.flatMap((region) => region.values));
  values.delete(0);
  return [
    ...(background ? [{ name: background.name, value: 0 }] : []),
    ...[...values].sort((a, b) => a - b).map((value) => ({ name: nameOf(value), value })),
  ];
}
