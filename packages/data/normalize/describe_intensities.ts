import type { IntensityProperties } from "./intensity_properties.ts";
import { percentile } from "./percentile.ts";

/**
 * Describes the pool of the intensities that were drawn from the cases, channel by channel.
 *
 * @param cases For each case an array for each channel.
 * @throws {RangeError} If there is nothing in any of them.
 */
export function describeIntensities(cases: readonly Float32Array[][]): IntensityProperties[] {
  if (cases.every(([first]) => first.length === 0)) {
    throw new RangeError(
      `Cannot describe foreground intensities: none of ${cases.length} cases has a label above 0`,
    );
  }
  return cases[0].map((_, channel) => describe(joined(cases.map((drawn) => drawn[channel]))));
}

function joined(parts: Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function describe(values: Float32Array): IntensityProperties {
  values.sort();
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return {
    mean,
    median: percentile(values, 50),
    standardDeviation: Math.sqrt(squares / values.length),
    minimum: values[0],
    maximum: values[values.length - 1],
    percentile005: percentile(values, 0.5),
    percentile995: percentile(values, 99.5),
  };
}
