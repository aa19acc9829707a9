import { assertEquals, assertNotStrictEquals, assertStrictEquals, assertThrows } from "@std/assert";
import expected from "../testdata/components.json" with { type: "json" };
import { applyPostprocessing } from "./apply_postprocessing.ts";
import { connectedComponents } from "./connected_components.ts";
import { keepLargestComponent } from "./keep_largest_component.ts";

type Shape = [number, number, number];

/** The bytes of the generator that `make_components.py` has. */
function noise(shape: readonly number[], seed: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length: shape[0] * shape[1] * shape[2] }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}

function checksum(labels: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < labels.length; i++) sum += (i + 1) * labels[i];
  return sum % (2 ** 31 - 1);
}

Deno.test("connectedComponents() numbers the voxels as SciPy and scikit-image for each connectivity", () => {
  for (const { shape, seed, threshold, ...truth } of expected.components) {
    const mask = noise(shape, seed).map((value) => value < threshold ? 1 : 0);
    for (const connectivity of [6, 18, 26] as const) {
      const { labels, sizes } = connectedComponents(mask, { shape: shape as Shape, connectivity });
      assertEquals({ sizes, checksum: checksum(labels) }, truth[connectivity]);
    }
  }
});

/** 3 in one of 16 voxels, 2 in one of 16, 1 in two of 16. */
function labelMap(shape: readonly number[], seed: number): Uint8Array {
  return noise(shape, seed).map((value) => value < 16 ? 3 : value < 32 ? 2 : value < 64 ? 1 : 0);
}

Deno.test("keepLargestComponent() gives nnU-Net's label maps for labels, regions and all of them", () => {
  for (const { shape, seed, counts, checksums } of expected.largest) {
    const labels = labelMap(shape, seed);
    assertEquals([0, 1, 2, 3].map((value) => labels.filter((v) => v === value).length), counts);
    for (const [name, truth] of Object.entries(checksums)) {
      const values = name.split(",").map(Number);
      const kept = keepLargestComponent(labels, { shape: shape as Shape, values });
      assertEquals(checksum(kept), truth);
    }
    assertEquals(labels, labelMap(shape, seed));
  }
});

Deno.test("keepLargestComponent() keeps the kind of array, and label values up to 65535", () => {
  const labels = Uint16Array.of(65535, 0, 65535, 65535, 7);
  const kept = keepLargestComponent(labels, { shape: [1, 1, 5], values: [65535] });
  assertEquals(kept, Uint16Array.of(0, 0, 65535, 65535, 7));
});

Deno.test("keepLargestComponent() changes nothing when the label is absent", () => {
  const labels = Uint8Array.of(1, 0, 1);
  const kept = keepLargestComponent(labels, { shape: [1, 1, 3], values: [2] });
  assertEquals(kept, labels);
  assertNotStrictEquals(kept, labels);
});

Deno.test("applyPostprocessing() applies the steps in their order", () => {
  const operation = "keep-largest-component" as const;
  const step = (values: number[]) => ({ operation, name: "", values, connectivity: 6 as const });
  // All of it first is a tie of four and four. With the lone 1 gone before, the left four win.
  const labels = Uint8Array.of(1, 1, 2, 2, 0, 2, 2, 2, 1);
  const shape: Shape = [1, 1, 9];
  const all = step([1, 2]), one = step([1]), two = step([2]);
  assertEquals(
    applyPostprocessing(labels, [all, two], { shape }),
    Uint8Array.of(1, 1, 0, 0, 0, 2, 2, 2, 1),
  );
  assertEquals(
    applyPostprocessing(labels, [one, all], { shape }),
    Uint8Array.of(1, 1, 2, 2, 0, 0, 0, 0, 0),
  );
  assertStrictEquals(applyPostprocessing(labels, [], { shape }), labels);
});

Deno.test("connectedComponents() and keepLargestComponent() refuse what is no mask on its grid", () => {
  const mask = new Uint8Array(5);
  const refused: [() => unknown, string][] = [
    [
      () => connectedComponents(mask, { shape: [1, 2, 3] }),
      "Cannot find connected components: expected a mask of shape [D, H, W] = [1, 2, 3], found 5 voxels",
    ],
    [
      () => connectedComponents(mask, { shape: [1, 1, 5], connectivity: 8 as 6 }),
      "Cannot find connected components: expected connectivity 6, 18 or 26, found 8",
    ],
    [
      () => keepLargestComponent(mask, { shape: [1, 1, 4], values: [1] }),
      "Cannot keep the largest component: expected a mask of shape [D, H, W] = [1, 1, 4], found 5 voxels",
    ],
  ];
  for (const [run, message] of refused) {
    assertEquals(assertThrows(run, RangeError).message, message);
  }
});
