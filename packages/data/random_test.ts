import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { randomStream } from "./random.ts";

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function correlation(a: number[], b: number[]): number {
  const meanA = mean(a), meanB = mean(b);
  const covariance = mean(a.map((value, i) => (value - meanA) * (b[i] - meanB)));
  const spread = (x: number[], m: number) => Math.sqrt(mean(x.map((value) => (value - m) ** 2)));
  return covariance / (spread(a, meanA) * spread(b, meanB));
}

Deno.test("randomStream() gives the same first values for ever", () => {
  const stream = randomStream(1234, "patch", 7);
  assertEquals([stream.uniform(), stream.uniform(), stream.integer(1000), stream.normal()], [
    0.0835144410573998,
    0.22501220193743843,
    921,
    -0.3726112383742909,
  ]);
});

Deno.test("randomStream().uniform() has the moments of the uniform distribution", () => {
  const stream = randomStream(1, "moments");
  const n = 100_000;
  const values = Array.from({ length: n }, () => stream.uniform());
  assert(values.every((value) => value >= 0 && value < 1));
  // Four standard errors: sqrt(1/12/n), sqrt(1/180/n), and 1/sqrt(n) for the lag-1 correlation.
  assertAlmostEquals(mean(values), 1 / 2, 4 * Math.sqrt(1 / 12 / n));
  assertAlmostEquals(mean(values.map((v) => (v - 0.5) ** 2)), 1 / 12, 4 * Math.sqrt(1 / 180 / n));
  assertAlmostEquals(correlation(values.slice(1), values.slice(0, -1)), 0, 4 / Math.sqrt(n));
});

Deno.test("randomStream().integer() draws every number equally often", () => {
  const stream = randomStream(2, "integers");
  const n = 70_000, counts = new Array<number>(7).fill(0);
  for (let i = 0; i < n; i++) counts[stream.integer(7)]++;
  const chiSquare = counts.reduce((sum, count) => sum + (count - n / 7) ** 2 / (n / 7), 0);
  assert(chiSquare < 22.46, `chi square ${chiSquare}`); // 6 degrees of freedom, p = 0.001
});

Deno.test("randomStream().normal() has the moments of the normal distribution", () => {
  const stream = randomStream(3, "normal");
  const n = 100_000;
  const values = Array.from({ length: n }, () => stream.normal());
  const moment = (power: number) => mean(values.map((value) => value ** power));
  // Four standard errors; the variance of x^k is E[x^2k] - E[x^k]^2: 1, 2, 15, 96.
  assertAlmostEquals(moment(1), 0, 4 * Math.sqrt(1 / n));
  assertAlmostEquals(moment(2), 1, 4 * Math.sqrt(2 / n));
  assertAlmostEquals(moment(3), 0, 4 * Math.sqrt(15 / n));
  assertAlmostEquals(moment(4), 3, 4 * Math.sqrt(96 / n));
});

Deno.test("randomStream() gives independent streams when seed or keys differ", () => {
  const n = 10_000;
  const draw = (...keys: [number, ...(number | string)[]]) => {
    const stream = randomStream(...keys);
    return Array.from({ length: n }, () => stream.uniform());
  };
  const streams = [
    draw(0),
    draw(1),
    draw(0, 0),
    draw(0, "0"),
    draw(0, "ab", "c"),
    draw(0, "a", "bc"),
    draw(0, 1, 2),
    draw(0, 2, 1),
    draw(0, 1),
  ];
  for (let i = 0; i < streams.length; i++) {
    for (let j = 0; j < i; j++) {
      assertAlmostEquals(correlation(streams[i], streams[j]), 0, 4.5 / Math.sqrt(n));
    }
  }
  // Across neighbouring keys, too: the first value of streams 0..n-1 is uniform.
  const first = Array.from({ length: n }, (_, step) => randomStream(5, step).uniform());
  assertAlmostEquals(mean(first), 0.5, 4 * Math.sqrt(1 / 12 / n));
  assertAlmostEquals(correlation(first.slice(1), first.slice(0, -1)), 0, 4 / Math.sqrt(n));
});

Deno.test("randomStream() throws when a key or a limit is unusable", () => {
  assertEquals(
    assertThrows(() => randomStream(NaN), RangeError).message,
    "Cannot open a random stream: seed and keys must be finite numbers or texts, found NaN",
  );
  assertEquals(
    assertThrows(() => randomStream(0).integer(0), RangeError).message,
    "Cannot draw a random integer below n: n must be a whole number from 1 to 2^32, found 0",
  );
});
