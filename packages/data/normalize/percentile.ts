/** numpy's percentile of sorted values: linear between the two nearest. */
export function percentile(sorted: ArrayLike<number>, percent: number): number {
  const at = percent / 100 * (sorted.length - 1), below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}
