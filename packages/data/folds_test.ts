import { assertEquals, assertThrows } from "@std/assert";
import { kFolds } from "./folds.ts";
import { numpyPermutation } from "./folds/numpy_permutation.ts";
import golden from "./testdata/folds.json" with { type: "json" };

function numbered(n: number): string[] {
  return Array.from({ length: n }, (_, i) => String(i).padStart(4, "0"));
}

Deno.test("numpyPermutation() equals numpy's legacy RandomState", () => {
  assertEquals(numpyPermutation(10, 0), golden.permutation_10_seed_0);
});

Deno.test("kFolds() equals scikit-learn's KFold when there are few cases", () => {
  for (const [n, folds] of Object.entries(golden.validation)) {
    const held = kFolds(numbered(Number(n))).map((split) => split.val.map(Number));
    assertEquals(held, folds);
  }
});

Deno.test("kFolds() equals scikit-learn's KFold in full for 5 to 260 cases", async () => {
  for (const [n, digest] of Object.entries(golden.sha256)) {
    const splits = kFolds(numbered(Number(n)).reverse()).map((split) => ({
      train: split.train.map(Number),
      val: split.val.map(Number),
    }));
    const bytes = new TextEncoder().encode(JSON.stringify(splits));
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    assertEquals(hash.toHex(), digest, `${n} cases`);
  }
});

Deno.test("kFolds() throws when the cases cannot be split", () => {
  const attempts: [() => unknown, string][] = [
    [() => kFolds(["a", "b"]), "Cannot split 2 cases into 5 folds: every fold needs a case"],
    [
      () => kFolds(["a", "b", "a"], { folds: 2 }),
      'Cannot split 3 cases into 2 folds: the id "a" occurs more than once',
    ],
    [
      () => kFolds(["a", "b"], { folds: 1 }),
      "Cannot split 2 cases into 1 folds: the number of folds must be a whole number of at least 2",
    ],
    [
      () => kFolds(["a", "b"], { folds: 2, seed: -1 }),
      "Cannot split 2 cases into 2 folds: the seed must be from 0 to 2^32 - 1, found -1",
    ],
  ];
  for (const [attempt, message] of attempts) {
    assertEquals(assertThrows(attempt, RangeError).message, message);
  }
});
