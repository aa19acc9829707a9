import { assert, assertEquals, assertThrows } from "@std/assert";
import { resizeKernel } from "./resize_kernel.ts";

interface Case {
  from: number[];
  size: number[];
  values: string;
}
const { torch, cases }: { torch: string; cases: Case[] } = JSON.parse(
  await Deno.readTextFile(new URL("./testdata/interpolated.json", import.meta.url)),
);

/** The rule of testdata/make_interpolated.py. */
function filled(shape: number[]): Float32Array {
  const count = shape.reduce((a, b) => a * b, 1);
  return Float32Array.from({ length: count }, (_, i) => Math.round(Math.sin(1.7 * i) * 1e4) / 1e4);
}

for (const { from, size, values: text } of cases) {
  const values = text.split(" ").map(Number);
  Deno.test(`resizeKernel() equals PyTorch ${torch} from [${from}] to [${size}]`, () => {
    const resized = resizeKernel({ shape: from, data: filled(from) }, size);
    assertEquals(resized.shape, [...from.slice(0, 2), ...size]);
    assertEquals(resized.data.length, values.length);
    const error = values.map((value, i) => Math.abs(value - resized.data[i]));
    assert(Math.max(...error) <= 1e-6, `largest error ${Math.max(...error)}`);
  });
}

Deno.test("resizeKernel() gives the rows of the paper's release when a row grows from 3 to 5", () => {
  const unit = (tap: number) => {
    const data = new Float32Array(3);
    data[tap] = 1;
    return [...resizeKernel({ shape: [1, 1, 1, 3], data }, [1, 5]).data];
  };
  const rows = [0, 1, 2].map(unit).map((row) => row.map((w) => Math.round(w * 1e6) / 1e6));
  assertEquals(rows, [[1, 0.6, 0, 0, 0], [0, 0.4, 1, 0.4, 0], [0, 0, 0, 0.6, 1]]);
});

Deno.test("resizeKernel() copies when the size stays", () => {
  const kernel = { shape: [2, 1, 3, 3, 3], data: filled([2, 1, 3, 3, 3]) };
  const same = resizeKernel(kernel, [3, 3, 3]);
  assertEquals(same, kernel);
  same.data[0] = 7;
  assertEquals(kernel.data[0], 0);
});

Deno.test("resizeKernel() keeps a constant kernel constant, without rescaling", () => {
  const data = new Float32Array(27).fill(0.25);
  const { data: resized } = resizeKernel({ shape: [1, 1, 3, 3, 3], data }, [5, 5, 5]);
  assertEquals(resized, new Float32Array(125).fill(0.25));
});

Deno.test("resizeKernel() refuses a size that does not fit the axes", () => {
  const kernel = { shape: [1, 1, 3, 3], data: filled([1, 1, 3, 3]) };
  assertEquals(
    assertThrows(() => resizeKernel(kernel, [5, 5, 5]), RangeError).message,
    "Cannot resize a kernel of shape [1, 1, 3, 3] to [5, 5, 5]: " +
      "expected 2 positive integers, one for each spatial axis",
  );
});

Deno.test("resizeKernel() refuses values that do not fill the shape", () => {
  assertEquals(
    assertThrows(
      () => resizeKernel({ shape: [1, 1, 3, 3], data: new Float32Array(8) }, [5, 5]),
      RangeError,
    ).message,
    "Cannot resize a kernel of shape [1, 1, 3, 3]: expected 9 values, found 8",
  );
});
