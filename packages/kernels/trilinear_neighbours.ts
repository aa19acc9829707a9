/** Where one output index reads on one axis: two neighbours and the weight of the second. */
export interface Neighbours {
  /** The first neighbour. */
  low: number;
  /** The second; at the edge the first again. */
  high: number;
  /** Of the second, from 0 to 1. */
  weight: number;
}

/** Where each of `to` outputs reads an axis of `from` voxels: half-pixel centres, edges clamped. */
export function neighbours(from: number, to: number): Neighbours[] {
  return Array.from({ length: to }, (_, i) => {
    const position = Math.max(0, (i + 0.5) * from / to - 0.5);
    const low = Math.min(Math.floor(position), from - 1);
    return { low, high: Math.min(low + 1, from - 1), weight: position - low };
  });
}
