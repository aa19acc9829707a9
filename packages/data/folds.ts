/**
 * Cross-validation splits.
 * @module
 */
import { compareText } from "./folds/compare_text.ts";
import { numpyPermutation } from "./folds/numpy_permutation.ts";

/** One fold: which cases train and which validate. The layout of nnU-Net's `splits_final.json`. */
export interface Split {
  /** Ids of the training cases, sorted. */
  train: string[];
  /** Ids of the validation cases, sorted. */
  val: string[];
}

/** Options of {@linkcode kFolds}. */
export interface KFoldsOptions {
  /** Number of folds. @default {5} */
  folds?: number;
  /** Seed of the shuffle, from 0 to 2^32 - 1. @default {12345} */
  seed?: number;
}

/**
 * Splits cases into folds, exactly as nnU-Net does.
 *
 * The result equals scikit-learn's `KFold(folds, shuffle=True, random_state=seed)` over the sorted
 * ids (nnU-Net `utilities/crossval_split.py`), so it equals the `splits_final.json` that nnU-Net
 * writes for the same ids. The order of the ids given does not matter.
 *
 * @example
 * ```ts
 * import { kFolds } from "@mednext/data/folds";
 * import { assertEquals } from "@std/assert";
 *
 * const splits = kFolds(["e", "d", "c", "b", "a"]);
 * assertEquals(splits[0], { train: ["b", "c", "d", "e"], val: ["a"] });
 * ```
 *
 * @param ids Ids of the training cases.
 * @param options Number of folds and seed.
 * @returns One split for each fold; every case validates exactly once.
 * @throws {RangeError} If there are fewer than two folds, fewer cases than folds, a repeated id,
 * or the seed is out of range.
 */
export function kFolds(ids: string[], options: KFoldsOptions = {}): Split[] {
  const { folds = 5, seed = 12345 } = options;
  const sorted = [...ids].sort(compareText);
  checkFolds(sorted, folds, seed);
  const order = numpyPermutation(sorted.length, seed);
  const splits: Split[] = [];
  let start = 0;
  for (let fold = 0; fold < folds; fold++) {
    const size = Math.floor(sorted.length / folds) + (fold < sorted.length % folds ? 1 : 0);
    const held = new Set(order.slice(start, start + size));
    start += size;
    splits.push({
      train: sorted.filter((_, i) => !held.has(i)),
      val: sorted.filter((_, i) => held.has(i)),
    });
  }
  return splits;
}

function checkFolds(sorted: string[], folds: number, seed: number): void {
  const attempt = `Cannot split ${sorted.length} cases into ${folds} folds`;
  if (!Number.isInteger(folds) || folds < 2) {
    throw new RangeError(`${attempt}: the number of folds must be a whole number of at least 2`);
  }
  if (sorted.length < folds) {
    throw new RangeError(`${attempt}: every fold needs a case`);
  }
  const repeated = sorted.find((id, i) => id === sorted[i + 1]);
  if (repeated !== undefined) {
    throw new RangeError(`${attempt}: the id "${repeated}" occurs more than once`);
  }
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    throw new RangeError(`${attempt}: the seed must be from 0 to 2^32 - 1, found ${seed}`);
  }
}
