import type { LabelDescription } from "@mednext/data";

/**
 * Checks what a schema cannot say of labels, regions and the ignore label of a manifest.
 *
 * @throws {SyntaxError} That names the file and everything that does not fit.
 */
export function checkLabels(description: LabelDescription, path: string): void {
  const problems = [...labelProblems(description), ...regionProblems(description)];
  if (problems.length === 0) return;
  throw new SyntaxError(`Cannot read the labels in '${path}': ${problems.join("; ")}`);
}

function* labelProblems({ labels, ignoreLabel }: LabelDescription): Generator<string> {
  const values = labels.map(({ value }) => value);
  if (values[0] !== 0 || values.some((value, i) => i > 0 && value <= values[i - 1])) {
    yield `labels: expected rising values from 0 on, found ${values.join(", ")}`;
  }
  const largest = Math.max(...values);
  if (ignoreLabel !== undefined && ignoreLabel <= largest) {
    yield `ignoreLabel: expected a value above ${largest}, found ${ignoreLabel}`;
  }
}

function* regionProblems(
  { labels, regions = [], regionsClassOrder = [] }: LabelDescription,
): Generator<string> {
  if (regions.length !== regionsClassOrder.length) {
    yield `regionsClassOrder: expected a value for each of ${regions.length} regions, ` +
      `found ${regionsClassOrder.length}`;
  }
  const known = new Set(labels.map(({ value }) => value));
  for (const [i, { values }] of regions.entries()) {
    const unknown = values.filter((value) => value === 0 || !known.has(value));
    if (unknown.length > 0) {
      yield `regions[${i}].values: expected labels above 0, found ${unknown.join(", ")}`;
    }
    const painted = regionsClassOrder[i];
    if (painted !== undefined && !values.includes(painted)) {
      yield `regionsClassOrder[${i}]: expected one of ${values.join(", ")}, found ${painted}`;
    }
  }
}
