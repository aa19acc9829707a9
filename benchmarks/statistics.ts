/** The middle of some numbers and how far they spread. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/**
 * The median: the middle one, or the mean of the middle two.
 *
 * @throws {RangeError} If there are none.
 */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError("Cannot take a median of no values");
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The median, the least and the most. */
export function spread(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/**
 * The spread of `ours / theirs`, each pair being measured one after the other.
 *
 * The median of the ratios is not the ratio of the medians: what slows the machine down for a while slows down
 * both of a pair.
 *
 * @throws {RangeError} If the two are not of one length.
 */
export function pairedRatios(ours: readonly number[], theirs: readonly number[]): Spread {
  if (ours.length !== theirs.length) {
    throw new RangeError(
      `Cannot pair measurements: there are ${ours.length} of ours and ${theirs.length} of theirs`,
    );
  }
  return spread(ours.map((value, index) => value / theirs[index]));
}
