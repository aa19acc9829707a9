import { measure, prepare } from "./measure.ts";
import { type Layout, LAYOUTS, type Measurement, type Outcome, type Side } from "./measurement.ts";
import { lastLine } from "./process.ts";
import { median } from "./statistics.ts";
import { checkSameWork } from "./summary.ts";
import type { Task } from "./task.ts";
import { describeWork } from "./works.ts";

const SIDES: readonly Side[] = [
  { side: "ours" },
  ...LAYOUTS.map((layout) => ({ side: "pytorch" as const, layout })),
];

/** The newest outcome of a side, in a layout if one is given. */
export function outcomeOf(
  measurements: readonly Measurement[],
  side: Side["side"],
  layout?: Layout,
): Outcome | undefined {
  for (const measurement of measurements.toReversed()) {
    if (measurement.side !== side || !("outcome" in measurement)) continue;
    const found = measurement.side === "pytorch" ? measurement.layout : undefined;
    if (layout === undefined || layout === found) return measurement.outcome;
  }
  return undefined;
}

function checkLayouts(work: string, measurements: readonly Measurement[]): void {
  const ours = outcomeOf(measurements, "ours");
  for (const layout of LAYOUTS) {
    const theirs = outcomeOf(measurements, "pytorch", layout);
    if (ours && theirs) checkSameWork(work, { ours, theirs, layout });
  }
}

function report(measurement: Measurement): void {
  const { side, repeat } = measurement;
  const name = side === "ours" ? "ours" : `PyTorch ${measurement.layout}`;
  const text = "outcome" in measurement
    ? `${median(measurement.outcome.seconds).toPrecision(3)} s, ` +
      `${(measurement.outcome.peakBytes / 2 ** 30).toFixed(2)} GiB`
    : `failed: ${lastLine(measurement.error)}`;
  console.error(`    ${repeat + 1} ${name}: ${text}`);
}

/**
 * Measures both sides in turn; every other time the other way round, so that no side is always the first.
 *
 * @param task What to measure.
 * @param options How often, whether without V8's flags, and the Python that has PyTorch.
 * @returns All measurements, those that failed included.
 * @throws {Error} If the sides do not do the same work.
 */
export async function compareWork(
  task: Task,
  options: { repeats: number; plain: boolean; python: string },
): Promise<Measurement[]> {
  const { repeats, plain, python } = options;
  const title = describeWork(task.work);
  console.error(title);
  await prepare(task);
  const measurements: Measurement[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const side of repeat % 2 === 0 ? SIDES : SIDES.toReversed()) {
      const measurement = await measure(task, { side, repeat, plain, python });
      report(measurement);
      measurements.push(measurement);
      checkLayouts(title, measurements);
    }
  }
  return measurements;
}
