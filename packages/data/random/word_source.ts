import { philox } from "./philox.ts";

/** Words of one Philox key; two words of the hash are the key, two the high half of the counter. */
export function wordSource(hash: Uint32Array): () => number {
  const block = new Uint32Array(4);
  let counterLow = 0, counterHigh = 0, used = 4;
  return () => {
    if (used === 4) {
      block[0] = counterLow;
      block[1] = counterHigh;
      block[2] = hash[2];
      block[3] = hash[3];
      philox(block, hash[0], hash[1]);
      counterLow = (counterLow + 1) >>> 0;
      if (counterLow === 0) counterHigh = (counterHigh + 1) >>> 0;
      used = 0;
    }
    return block[used++];
  };
}
