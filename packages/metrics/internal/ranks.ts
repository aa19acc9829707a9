/** Ranks from 1 of values; equal values share the mean of their ranks. `ties` holds the size of each group. */
export function averageRanks(values: Float64Array): { ranks: Float64Array; ties: number[] } {
  const order = Uint32Array.from(values, (_, i) => i).sort((a, b) =>
    values[a] < values[b] ? -1 : Number(values[a] > values[b])
  );
  const ranks = new Float64Array(values.length);
  const ties: number[] = [];
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && values[order[end]] === values[order[start]]) end++;
    for (let i = start; i < end; i++) ranks[order[i]] = (start + 1 + end) / 2;
    ties.push(end - start);
    start = end;
  }
  return { ranks, ties };
}
