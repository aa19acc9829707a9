/**
 * Cases drawn with replacement.
 * @module
 */

/** The finaliser of splitmix32: turns a seed into well mixed words. */
function seedWords(seed: number): Uint32Array {
  let state = seed >>> 0;
  return Uint32Array.from({ length: 4 }, () => {
    state = (state + 0x9e3779b9) >>> 0;
    let word = state;
    word = Math.imul(word ^ (word >>> 16), 0x21f0aaad);
    word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
    return word ^ (word >>> 15);
  });
}

/**
 * Whole numbers of 32 bits by xoshiro128** (Blackman and Vigna, https://prng.di.unimi.it/xoshiro128starstar.c).
 */
export function randomWords(seed: number): () => number {
  const s = seedWords(seed);
  const rotate = (word: number, by: number) => (word << by) | (word >>> (32 - by));
  return () => {
    const result = Math.imul(rotate(Math.imul(s[1], 5), 7), 9) >>> 0;
    const carried = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= carried;
    s[3] = rotate(s[3], 11);
    return result;
  };
}

/** Draws `count` of `count` cases with replacement, again and again, into one array. */
export function* resampleIndices(
  count: number,
  { resamples, seed }: { resamples: number; seed: number },
): Generator<Uint32Array> {
  const next = randomWords(seed);
  const indices = new Uint32Array(count);
  for (let resample = 0; resample < resamples; resample++) {
    // Some cases are likelier by 2^-32 of their number: nothing that a percentile would show.
    for (let i = 0; i < count; i++) indices[i] = Math.floor(next() / 2 ** 32 * count);
    yield indices;
  }
}
