import { type Layout, LAYOUTS, type Measurement, type Outcome } from "./measurement.ts";
import { median, pairedRatios, type Spread, spread } from "./statistics.ts";

/** One quantity of a work: of each side, and ours over PyTorch's in pairs. */
export interface Comparison {
  readonly ours: Spread;
  readonly pytorch: Spread;
  readonly ratio: Spread;
}

/** What the measurements of one work come to. */
export interface Summary {
  /** The faster of PyTorch's layouts: both quantities are of this one. */
  readonly layout: Layout;
  /** In seconds; of each process the median. */
  readonly time: Comparison;
  /** In bytes. */
  readonly memory: Comparison;
  /** How far our result lies from PyTorch's in each of its layouts. */
  readonly differences: Readonly<Partial<Record<Layout, number>>>;
}

/** How far two numbers of a digest may lie apart, of the largest: far above the rounding of float32 sums. */
const DIGEST_TOLERANCE = 1e-3;

/** The outcomes by repeat; of repeats that failed there are none. */
function outcomesOf(
  measurements: readonly Measurement[],
  side: "ours" | Layout,
): Map<number, Outcome> {
  const outcomes = new Map<number, Outcome>();
  for (const measurement of measurements) {
    const found = measurement.side === "ours" ? "ours" : measurement.layout;
    if (found === side && "outcome" in measurement) {
      outcomes.set(measurement.repeat, measurement.outcome);
    }
  }
  return outcomes;
}

const secondsOf = ({ seconds }: Outcome): number => median(seconds);
const bytesOf = ({ peakBytes }: Outcome): number => peakBytes;

function compare(
  pairs: readonly (readonly [Outcome, Outcome])[],
  quantity: (outcome: Outcome) => number,
): Comparison {
  const ours = pairs.map(([outcome]) => quantity(outcome));
  const pytorch = pairs.map(([, outcome]) => quantity(outcome));
  return { ours: spread(ours), pytorch: spread(pytorch), ratio: pairedRatios(ours, pytorch) };
}

/**
 * Pairs the measurements of one work by repeat: ours with PyTorch in the layout that has the smaller median time.
 *
 * @returns Nothing if no repeat has both sides.
 */
export function summarize(measurements: readonly Measurement[]): Summary | undefined {
  const ours = outcomesOf(measurements, "ours");
  const layouts = LAYOUTS
    .map((layout) => ({ layout, outcomes: outcomesOf(measurements, layout) }))
    .filter(({ outcomes }) => outcomes.size > 0)
    .map((each) => ({ ...each, seconds: median([...each.outcomes.values()].map(secondsOf)) }))
    .sort((a, b) => a.seconds - b.seconds);
  if (layouts.length === 0) return undefined;
  const { layout, outcomes } = layouts[0];
  const pairs = [...ours].flatMap(([repeat, outcome]) => {
    const other = outcomes.get(repeat);
    return other === undefined ? [] : [[outcome, other] as const];
  });
  if (pairs.length === 0) return undefined;
  const [first] = ours.values();
  const differences = Object.fromEntries(
    layouts.map((each) => [each.layout, digestDifference(first, [...each.outcomes.values()][0])]),
  );
  return { layout, time: compare(pairs, secondsOf), memory: compare(pairs, bytesOf), differences };
}

/**
 * How far the results of two sides lie apart: the largest difference in the digests, over the largest number of
 * PyTorch's.
 */
export function digestDifference(ours: Outcome, theirs: Outcome): number {
  if (ours.digest.length !== theirs.digest.length) return Infinity;
  const scale = Math.max(...theirs.digest.map(Math.abs));
  return Math.max(...ours.digest.map((value, i) => Math.abs(value - theirs.digest[i]))) / scale;
}

/**
 * Checks that two sides did the same work: as many parameters and, where PyTorch's result can be relied on, the
 * same numbers in it.
 *
 * In `channels_last_3d` it cannot: group normalisation there loses digits as the image grows (PyTorch 2.13).
 *
 * @param work What was measured, for the message.
 * @param outcomes Of both sides, and PyTorch's layout.
 * @throws {Error} If they did not.
 */
export function checkSameWork(
  work: string,
  { ours, theirs, layout }: { ours: Outcome; theirs: Outcome; layout: Layout },
): void {
  if (ours.parameters !== theirs.parameters) {
    throw new Error(
      `Cannot compare ${work}: our network has ${ours.parameters} parameters, PyTorch's ${theirs.parameters}`,
    );
  }
  // Not `>`: a result may be NaN.
  if (layout === "contiguous" && !(digestDifference(ours, theirs) <= DIGEST_TOLERANCE)) {
    throw new Error(
      `Cannot compare ${work}: the results differ, ours [${ours.digest.join(", ")}], PyTorch's [${
        theirs.digest.join(", ")
      }]`,
    );
  }
}
