import { assert, assertEquals, assertNotStrictEquals, assertThrows } from "@std/assert";
import type { Triple } from "../volume.ts";
import golden from "../testdata/resample.json" with { type: "json" };
import nnunet from "../testdata/nnunet.json" with { type: "json" };
import { separateAxis } from "./separate_axis.ts";
import { resampledShape } from "./resampled_shape.ts";
import { resampleImage } from "./resample_image.ts";
import { resampleLabels } from "./resample_labels.ts";

interface Case {
  shape: Triple;
  newShape: Triple;
  order1?: number[];
  order3?: number[];
  blocks: number[];
  labels: number[];
}
const cases = golden as unknown as Case[];

/** The input of make_resample.py. */
function values(shape: Triple, period: number): Float32Array {
  const n = shape[0] * shape[1] * shape[2];
  return Float32Array.from({ length: n }, (_, i) => (i * 7919 + 13) % period);
}

/** The labels of make_nnunet.py. */
function blocks([depth, height, width]: Triple): Int16Array {
  const half = (i: number) => Math.floor(i / 2);
  return Int16Array.from({ length: depth * height * width }, (_, i) => {
    const x = i % width, y = Math.floor(i / width) % height, z = Math.floor(i / width / height);
    const place = half(z) * 3 + half(y) * 7 + Math.floor(x / 3) * 5 + (x * y) % 2;
    return [0, 3, -1, 41, 100][place % 5];
  });
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  assertEquals(a.length, b.length);
  let worst = 0;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i] - b[i]));
  return worst;
}

for (const order of [1, 3] as const) {
  Deno.test(`resampleImage() equals scikit-image's resize when the order is ${order}`, () => {
    for (const { shape, newShape, ...rest } of cases) {
      const expected = rest[`order${order}`];
      if (!expected) continue;
      const result = resampleImage(values(shape, 101), { shape, newShape, order });
      // The range is 0 to 100; float32 between the axes leaves 1e-7 of it for each.
      const worst = largestDifference(result, expected);
      assert(worst < 3e-5, `${shape} to ${newShape}: ${worst}`);
    }
  });
}

Deno.test("resampleImage() resamples each channel on its own", () => {
  const shape: Triple = [4, 5, 3], newShape: Triple = [6, 3, 5];
  const first = values(shape, 101), second = values(shape, 37);
  const both = new Float32Array(2 * first.length);
  first.forEach((value, i) => both.set([value, second[i]], 2 * i));
  const result = resampleImage(both, { shape, newShape, channels: 2 });
  const pick = (c: number) => result.filter((_, i) => i % 2 === c);
  assertEquals(pick(0), resampleImage(first, { shape, newShape }));
  assertEquals(pick(1), resampleImage(second, { shape, newShape }));
});

Deno.test("resampleImage() returns the same values in a new array when the shape stays", () => {
  const data = values([2, 3, 4], 101);
  const result = resampleImage(data, { shape: [2, 3, 4], newShape: [2, 3, 4] });
  assertEquals(result, data);
  assertNotStrictEquals(result, data);
});

Deno.test("resampleLabels() equals nnU-Net's rule on scikit-image's resize", () => {
  for (const { shape, newShape, blocks, labels } of cases) {
    const result = resampleLabels(Int16Array.from(blocks), { shape, newShape });
    assertEquals([...result], labels, `${shape} to ${newShape}`);
  }
});

for (const golden of nnunet.resamplings) {
  const shape = golden.shape as Triple;
  const spacing = { from: golden.from as Triple, to: golden.to as Triple };
  Deno.test(`resampling equals nnU-Net's from ${spacing.from} mm to ${spacing.to} mm`, () => {
    const newShape = resampledShape(shape, spacing);
    assertEquals(newShape, golden.newShape);
    const axis = separateAxis(spacing);
    assertEquals(axis ?? null, golden.axis);
    const options = { shape, newShape, separateAxis: axis };
    for (const order of [1, 3] as const) {
      const result = resampleImage(values(shape, 101), { ...options, order });
      // As above: values from 0 to 100, float32 between the axes and in nnU-Net's result.
      const worst = largestDifference(result, golden[`order${order}`]);
      assert(worst < 3e-5, `order ${order}: ${worst}`);
    }
    const labels = resampleLabels(blocks(shape), options);
    assertEquals([...labels], golden.labels);
  });
}

Deno.test("separateAxis() takes spacings that differ by the rounding of float32 as equal", () => {
  const coarse = Math.fround(1.1) * 4;
  assertEquals(separateAxis({ from: [1, 4.4, coarse], to: [1, 1, 1] }), undefined);
  assertEquals(separateAxis({ from: [1, 4.4, 4.5], to: [1, 1, 1] }), 2);
});

Deno.test("resampleLabels() takes the nearest voxel when asked", () => {
  const labels = Int16Array.of(5, 0, 9);
  const to = (
    size: number,
  ) => [...resampleLabels(labels, { shape: [1, 1, 3], newShape: [1, 1, size], method: "nearest" })];
  assertEquals(to(6), [5, 5, 0, 0, 9, 9]);
  assertEquals(to(1), [0]);
});

Deno.test("resampledShape() rounds halves to even as Python does", () => {
  const shape = resampledShape([5, 7, 1], { from: [1, 1, 1], to: [2, 2, 9] });
  assertEquals(shape, [2, 4, 1]); // 2.5, 3.5, and never less than one voxel
});

Deno.test("resampling throws when shape, data or spacing do not fit", () => {
  const attempts: [() => unknown, string][] = [
    [
      () => resampleImage(new Float32Array(7), { shape: [2, 2, 2], newShape: [1, 1, 1] }),
      "Cannot resample from 2 x 2 x 2 to 1 x 1 x 1 voxels: the data must hold 8 values, found 7",
    ],
    [
      () => resampleImage(new Float32Array(8), { shape: [2, 2, 2], newShape: [1, 0, 1] }),
      "Cannot resample from 2 x 2 x 2 to 1 x 0 x 1 voxels: " +
      "every new size must be a positive whole number",
    ],
    [
      () => resampleLabels(new Int16Array(7), { shape: [2, 2, 2], newShape: [1, 1, 1] }),
      "Cannot resample labels from 2 x 2 x 2 to 1 x 1 x 1 voxels: " +
      "the data must hold 8 values, found 7",
    ],
    [
      () => resampledShape([2, 2, 2], { from: [1, 1, 0], to: [1, 1, 1] }),
      "Cannot resample from spacing 1 x 1 x 0 mm to 1 x 1 x 1 mm: " +
      "every spacing must be a positive number, found 0",
    ],
  ];
  for (const [attempt, message] of attempts) {
    assertEquals(assertThrows(attempt, RangeError).message, message);
  }
});
