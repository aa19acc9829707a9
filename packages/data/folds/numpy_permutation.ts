import { mersenneTwister } from "./mersenne_twister.ts";

/** The numbers 0..n-1 in the order of `numpy.random.RandomState(seed).permutation(n)`. */
export function numpyPermutation(n: number, seed: number): number[] {
  const next = mersenneTwister(seed);
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    // numpy's random_interval: the smallest mask that covers i, drawn again while too large.
    const mask = 2 ** (32 - Math.clz32(i)) - 1;
    let j = (next() & mask) >>> 0;
    while (j > i) j = (next() & mask) >>> 0;
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
