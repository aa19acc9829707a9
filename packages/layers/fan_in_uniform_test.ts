import { assert, assertEquals, assertThrows } from "@std/assert";
import { setBackend } from "@mednext/kernels";
import { fanInUniform } from "./fan_in_uniform.ts";

await setBackend("cpu");

function draw(fanIn: number, count: number, options: { seed?: number; stream?: string } = {}) {
  const tensor = fanInUniform(fanIn, options).apply([count]);
  const values = [...tensor.dataSync()];
  tensor.dispose();
  return values;
}

Deno.test("fanInUniform() is uniform between its bounds, by the Kolmogorov-Smirnov distance", () => {
  const count = 20_000;
  for (const seed of [0, 1, 2 ** 40]) {
    const ranks = draw(9, count, { seed }).map((value) => (value * 3 + 1) / 2).toSorted((a, b) =>
      a - b
    );
    const distance = Math.max(...ranks.map((value, i) => Math.abs(value - (i + 0.5) / count)));
    // 1.95 / sqrt(n) is exceeded once in a thousand times.
    assert(distance < 1.95 / Math.sqrt(count), `seed ${seed}: ${distance}`);
    // Neighbours in the order drawn are uncorrelated; the variance is bound² / 3 = 1 / 27.
    const values = draw(9, count, { seed });
    const products = values.slice(1).reduce((sum, value, i) => sum + value * values[i], 0);
    const correlation = 27 * products / count;
    assert(Math.abs(correlation) < 4 / Math.sqrt(count), `seed ${seed}: ${correlation}`);
  }
});

Deno.test("fanInUniform() draws other values for another seed or stream, and the same for the same", () => {
  const first = draw(4, 8, { seed: 1, stream: "a" });
  assertEquals(draw(4, 8, { seed: 1, stream: "a" }), first);
  const others = [{ seed: 2, stream: "a" }, { seed: 1, stream: "b" }, {
    seed: 2 ** 32 + 1,
    stream: "a",
  }];
  for (const options of others) {
    assert(draw(4, 8, options).every((value, i) => value !== first[i]));
  }
});

Deno.test("fanInUniform() refuses a fan-in or a seed that cannot be", () => {
  assertEquals(
    assertThrows(() => fanInUniform(0), RangeError).message,
    "Cannot draw weights as 'fanIn' must be a positive integer: current value is 0",
  );
  assertEquals(
    assertThrows(() => fanInUniform(1, { seed: -1 }), RangeError).message,
    "Cannot draw weights as 'seed' must be a non-negative integer: current value is -1",
  );
});
