import type { BootstrapOptions, Interval } from "../bootstrap_interval.ts";
import { show } from "./check.ts";
import { percentileLinear } from "./percentile.ts";

/** The interval that the middle of the values spans, without `NaN`; undefined if none is left. */
export function intervalOf(drawn: Float64Array, confidence: number): Interval | undefined {
  const defined = drawn.filter((value) => !Number.isNaN(value));
  if (defined.length === 0) return undefined;
  const tail = 100 * (1 - confidence) / 2;
  return { low: percentileLinear(defined, tail), high: percentileLinear(defined, 100 - tail) };
}

/** Fills in the defaults and refuses what makes no sense. */
export function completeBootstrap(options: BootstrapOptions): Required<BootstrapOptions> {
  const { resamples = 10000, seed = 0, confidence = 0.95 } = options;
  const rules: [string, number, boolean, string][] = [
    ["resamples", resamples, isWhole(resamples, 1, 1e7), "a whole number from 1 to 10000000"],
    ["seed", seed, isWhole(seed, 0, 2 ** 32 - 1), "a whole number from 0 to 4294967295"],
    ["confidence", confidence, confidence > 0 && confidence < 1, "between 0 and 1"],
  ];
  for (const [name, value, fits, rule] of rules) {
    if (fits) continue;
    throw new RangeError(
      `Cannot resample cases as '${name}' must be ${rule}: current value is ${show(value)}`,
    );
  }
  return { resamples, seed, confidence };
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
