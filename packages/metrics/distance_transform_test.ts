import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { distanceTransform } from "./distance_transform.ts";
import type { Triple } from "./grid.ts";

function bruteForce(mask: Uint8Array, shape: Triple, spacing: Triple): number[] {
  const at = (i: number) => [
    Math.floor(i / (shape[1] * shape[2])) * spacing[0],
    (Math.floor(i / shape[2]) % shape[1]) * spacing[1],
    (i % shape[2]) * spacing[2],
  ];
  return Array.from(mask, (_, i) => {
    let best = Infinity;
    for (let j = 0; j < mask.length; j++) {
      if (mask[j] === 0) best = Math.min(best, Math.hypot(...at(i).map((v, a) => v - at(j)[a])));
    }
    return mask[i] === 0 ? 0 : best;
  });
}

for (const spacing of [[1, 1, 1], [3, 1, 1], [0.7, 1.9, 0.33]] as Triple[]) {
  for (const step of [2, 7, 61]) {
    Deno.test(`distanceTransform() equals brute force when spacing is ${spacing} and 1 in ${step} is 0`, () => {
      const shape: Triple = [6, 7, 9];
      let state = step;
      const mask = new Uint8Array(6 * 7 * 9).map(() => {
        state = (Math.imul(state, 1103515245) + 12345) >>> 0;
        return (state >>> 16) % step === 0 ? 0 : 1;
      });
      assert(mask.includes(0));
      const found = distanceTransform(mask, { shape, spacing });
      bruteForce(mask, shape, spacing).forEach((value, i) =>
        assertAlmostEquals(found[i], value, 1e-12)
      );
    });
  }
}

Deno.test("distanceTransform() gives SciPy's values when given a few voxels", () => {
  // scipy.ndimage.distance_transform_edt([[[1, 1, 0]], [[1, 1, 1]]], sampling=(3, 1, 0.5)), SciPy 1.17.1
  const distances = distanceTransform(new Int16Array([5, 1, 0, 1, -1, 1]), {
    shape: [2, 1, 3],
    spacing: [3, 1, 0.5],
  });
  assertEquals([...distances], [1, 0.5, 0, 3.1622776601683795, 3.0413812651491097, 3]);
});

Deno.test("distanceTransform() gives Infinity when no voxel is 0", () => {
  const grid = { shape: [1, 2, 2] as Triple, spacing: [1, 1, 1] as Triple };
  assertEquals([...distanceTransform(new Uint8Array(4).fill(1), grid)], Array(4).fill(Infinity));
});

Deno.test("distanceTransform() leaves the mask of the caller unchanged", () => {
  const mask = new Float32Array([0, 2, 3]);
  distanceTransform(mask, { shape: [1, 1, 3], spacing: [1, 1, 1] });
  assertEquals([...mask], [0, 2, 3]);
});

Deno.test("distanceTransform() throws when the mask does not fill the grid", () => {
  assertThrows(
    () => distanceTransform(new Uint8Array(7), { shape: [2, 2, 2], spacing: [1, 1, 1] }),
    RangeError,
    "Cannot compute the distance transform as 'mask' must have 8 voxels for shape [2, 2, 2]: current value has 7",
  );
});
