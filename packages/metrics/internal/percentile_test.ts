import { assertEquals } from "@std/assert";
import { percentileLinear, percentileWeighted } from "./percentile.ts";

Deno.test("percentileLinear() equals NumPy's percentile when between two values", () => {
  // numpy.percentile([3, 1, 10, 2], p), NumPy 2.4.6
  const values = Float64Array.of(3, 1, 10, 2);
  const found = [0, 10, 50, 95, 100].map((percentile) => percentileLinear(values, percentile));
  assertEquals(found, [1, 1.3, 2.5, 8.949999999999998, 10]);
  assertEquals([...values], [3, 1, 10, 2]);
});

Deno.test("percentileLinear() gives the value when there is only one", () => {
  assertEquals(percentileLinear(Float64Array.of(7), 95), 7);
  assertEquals(percentileLinear(Float64Array.of(Infinity, Infinity), 95), Infinity);
});

Deno.test("percentileLinear() never gives NaN beside an infinite value", () => {
  const values = Float64Array.of(-Infinity, 1, 2, 3, Infinity);
  const found = [0, 10, 25, 50, 75, 80, 100].map((percentile) =>
    percentileLinear(values, percentile)
  );
  assertEquals(found, [-Infinity, -Infinity, 1, 2, 3, Infinity, Infinity]);
});

Deno.test("percentileWeighted() takes the first value whose share reaches the percentile", () => {
  const values = Float64Array.of(5, 1, 3, 1);
  const weights = Float64Array.of(1, 1, 1, 1);
  const found = [0, 50, 50.1, 75, 76, 100].map((p) => percentileWeighted(values, weights, p));
  assertEquals(found, [1, 1, 3, 3, 5, 5]);
});

Deno.test("percentileWeighted() counts by weight when weights differ", () => {
  const values = Float64Array.of(1, 2);
  assertEquals(percentileWeighted(values, Float64Array.of(19, 1), 95), 1);
  assertEquals(percentileWeighted(values, Float64Array.of(18, 2), 95), 2);
});
