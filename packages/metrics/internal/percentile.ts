/** Percentile with linear interpolation, as `numpy.percentile` by default. Values must not be empty. */
export function percentileLinear(values: Float64Array, percentile: number): number {
  const sorted = values.slice().sort();
  const position = (sorted.length - 1) * (percentile / 100);
  const index = Math.min(Math.floor(position), sorted.length - 1);
  const [low, high] = [sorted[index], sorted[Math.min(index + 1, sorted.length - 1)]];
  const part = position - index;
  if (high === low || part === 0) return low;
  if (!Number.isFinite(high - low)) return low === -Infinity ? low : high;
  return part >= 0.5 ? high - (high - low) * (1 - part) : low + (high - low) * part;
}

/**
 * The smallest value such that values up to it make at least the percentile of the whole weight; not
 * interpolated, as DeepMind's `compute_robust_hausdorff`. Values must not be empty.
 */
export function percentileWeighted(
  values: Float64Array,
  weights: Float64Array,
  percentile: number,
): number {
  const weightOf = new Map<number, number>(); // distances on a grid repeat: few are different
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    weightOf.set(values[i], (weightOf.get(values[i]) ?? 0) + weights[i]);
    total += weights[i];
  }
  const sorted = Float64Array.from(weightOf.keys()).sort();
  let sum = 0;
  for (const value of sorted) {
    sum += weightOf.get(value)!;
    if (sum / total >= percentile / 100) return value;
  }
  return sorted[sorted.length - 1];
}
