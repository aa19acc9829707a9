/**
 * Intervals of many means from the same resampled cases.
 * @module
 */
import type { BootstrapOptions, Interval } from "../bootstrap_interval.ts";
import { intervalOf } from "./bootstrap.ts";
import { resampleIndices } from "./resample.ts";

/** The mean of what is not `NaN`; `NaN` if nothing is. */
export function nanMean(values: ArrayLike<number>): number {
  let sum = 0, used = 0;
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) continue;
    sum += values[i];
    used++;
  }
  return sum / used;
}

/**
 * The interval of the mean of each column, and of each mean over the means of several columns. All are
 * made from the same draws, so that they fit together.
 *
 * @param columns A value for each case; `NaN` is left out.
 * @param options How to resample, and which columns each of the further means is made of.
 * @returns An interval for each column, then for each group; undefined where fewer than two cases have a
 * value, or one is infinite.
 */
export function bootstrapMeans(
  columns: readonly Float64Array[],
  options: Required<BootstrapOptions> & { groups: readonly (readonly number[])[] },
): (Interval | undefined)[] {
  const { groups, resamples, confidence } = options;
  const count = columns[0].length;
  const means = new Float64Array(columns.length + groups.length);
  const drawn = Array.from(means, () => new Float64Array(resamples));
  let resample = 0;
  for (const indices of resampleIndices(count, options)) {
    columns.forEach((column, c) => means[c] = drawnMean(column, indices));
    groups.forEach((group, g) => means[columns.length + g] = nanMean(group.map((c) => means[c])));
    means.forEach((mean, m) => drawn[m][resample] = mean);
    resample++;
  }
  const enough = columns.map((column) => column.filter((value) => !Number.isNaN(value)).length > 1);
  const finite = columns.map((column) => column.every((value) => Math.abs(value) !== Infinity));
  const useful = [...columns.keys()].map((c) => enough[c] && finite[c]);
  useful.push(
    ...groups.map((group) => group.some((c) => enough[c]) && group.every((c) => finite[c])),
  );
  return drawn.map((values, m) => useful[m] ? intervalOf(values, confidence) : undefined);
}

function drawnMean(column: Float64Array, indices: Uint32Array): number {
  let sum = 0, used = 0;
  for (let i = 0; i < indices.length; i++) {
    const value = column[indices[i]];
    if (Number.isNaN(value)) continue;
    sum += value;
    used++;
  }
  return sum / used;
}
