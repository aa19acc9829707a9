import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { bootstrapInterval } from "./bootstrap_interval.ts";
import { holmCorrection } from "./holm_correction.ts";
import { erfc } from "./internal/erfc.ts";
import { randomWords } from "./internal/resample.ts";
import expected from "./testdata/statistics.json" with { type: "json" };
import { wilcoxonSignedRank } from "./wilcoxon_signed_rank.ts";

/** The mean of the cases that were drawn. */
function meanOf(values: ArrayLike<number>): (indices: Uint32Array) => number {
  return (indices) => indices.reduce((sum, i) => sum + values[i], 0) / indices.length;
}

Deno.test("randomWords() gives the words of xoshiro128** and splitmix32", () => {
  const next = randomWords(expected.words.seed);
  assertEquals(expected.words.values.map(next), expected.words.values);
});

Deno.test("bootstrapInterval() equals SciPy's percentile interval for the same draws", () => {
  for (const { values, low, high, ...options } of expected.bootstrap) {
    const found = bootstrapInterval(values.length, meanOf(values), options)!;
    // Sums in another order.
    assertAlmostEquals(found.low, low, 1e-14);
    assertAlmostEquals(found.high, high, 1e-14);
  }
});

Deno.test("bootstrapInterval() covers the mean about as often as it says", () => {
  // 400 samples of 30 from a uniform distribution, whose mean is 1/2; 95 % of 400 is 380, with a standard
  // deviation of 4.4. The percentile interval is known to be a little short on samples of 30.
  const next = randomWords(1);
  let covered = 0;
  for (let sample = 0; sample < 400; sample++) {
    const values = Float64Array.from({ length: 30 }, () => next() / 2 ** 32);
    const options = { resamples: 500, seed: sample };
    const { low, high } = bootstrapInterval(30, meanOf(values), options)!;
    if (low <= 0.5 && 0.5 <= high) covered++;
  }
  assert(covered > 360 && covered < 394, `${covered} of 400`);
});

Deno.test("bootstrapInterval() leaves NaN out, and has nothing to say of one case", () => {
  const some = (indices: Uint32Array) => indices[0] === 0 ? NaN : 3;
  assertEquals(bootstrapInterval(2, some, { resamples: 50 }), { low: 3, high: 3 });
  assertEquals(bootstrapInterval(2, () => NaN, { resamples: 50 }), undefined);
  assertEquals(bootstrapInterval(1, () => 3), undefined);
});

Deno.test("bootstrapInterval() refuses options that make no sense", () => {
  const refused: [object, string][] = [
    [{ resamples: 0 }, "'resamples' must be a whole number from 1 to 10000000: current value is 0"],
    [{ seed: -1 }, "'seed' must be a whole number from 0 to 4294967295: current value is -1"],
    [{ confidence: 95 }, "'confidence' must be between 0 and 1: current value is 95"],
  ];
  for (const [options, message] of refused) {
    const error = assertThrows(() => bootstrapInterval(3, () => 0, options), RangeError);
    assertEquals(error.message, `Cannot resample cases as ${message}`);
  }
});

Deno.test("erfc() equals SciPy's", () => {
  // Relative; the series below 2 subtracts nearly equal numbers near it.
  for (const [x, value] of expected.erfc) assertAlmostEquals(erfc(x) / value, 1, 2e-13, `${x}`);
  assertEquals(erfc(Infinity), 0);
});

for (const { name, differences, statistic, pValue } of expected.wilcoxon) {
  Deno.test(`wilcoxonSignedRank() equals SciPy's, ${name}`, () => {
    const found = wilcoxonSignedRank(differences.map(Number));
    assertEquals(found.statistic, statistic);
    assertAlmostEquals(found.pValue / pValue, 1, 2e-13);
  });
}

Deno.test("wilcoxonSignedRank() says how it computed, and knows what is no difference", () => {
  const of = (length: number, value: (i: number) => number) =>
    wilcoxonSignedRank(Float64Array.from({ length }, (_, i) => value(i)));
  assertEquals(of(50, (i) => i + 1).method, "exact");
  assertEquals(of(51, (i) => i + 1).method, "normal");
  assertEquals(of(13, () => 1).method, "exact");
  assertEquals(of(14, () => 1).method, "normal");
  assertEquals(of(20, () => 0), { statistic: 0, pValue: 1, method: "normal", used: 0 });
  assertEquals(of(0, () => 0), { statistic: 0, pValue: NaN, method: "exact", used: 0 });
  assertEquals(
    assertThrows(() => wilcoxonSignedRank([1, NaN]), RangeError).message,
    "Cannot test differences as they must be numbers: current value is NaN at 1",
  );
});

Deno.test("holmCorrection() equals statsmodels', and leaves NaN out of the family", () => {
  for (const { pValues, corrected } of expected.holm) {
    holmCorrection(pValues).forEach((p, i) => assertAlmostEquals(p, corrected[i], 1e-15));
    const [first, ...others] = holmCorrection([NaN, ...pValues]);
    assertEquals([first, others], [NaN, holmCorrection(pValues)]);
  }
  assertEquals(
    assertThrows(() => holmCorrection([0.1, 1.5]), RangeError).message,
    "Cannot correct p-values as they must be from 0 to 1: current value is 1.5",
  );
});
