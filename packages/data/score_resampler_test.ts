import { assertEquals, assertThrows } from "@std/assert";
import type { CaseGeometry } from "./case_geometry.ts";
import { resampleImage } from "./resample/resample_image.ts";
import { createScoreResampler } from "./score_resampler.ts";
import type { Triple } from "./volume.ts";

const CLASSES = 3;

/** A case whose box is the whole image. */
function geometryOf(shape: Triple, box: Triple, spacing: Triple = [1, 1, 1]): CaseGeometry {
  const grid = { shape: box, affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] };
  return {
    orientation: {
      axes: [0, 1, 2],
      flipped: [false, false, false],
      source: { ...grid, spacing },
      canonical: grid,
    },
    box: { start: [0, 0, 0], stop: box },
    spacing,
    newSpacing: [1, 1, 1],
    shape,
  };
}

function waves(length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => 10 * Math.sin(1 + i * 0.7));
}

Deno.test("createScoreResampler() gives resampleImage()'s values bit for bit, however cut into slabs", () => {
  const pairs: [Triple, Triple][] = [
    [[7, 4, 5], [7, 4, 5]],
    [[7, 4, 5], [7, 9, 2]],
    [[7, 4, 5], [3, 4, 5]],
    [[7, 4, 5], [16, 3, 8]],
    [[7, 4, 5], [2, 8, 3]],
    [[1, 4, 5], [6, 2, 7]],
    [[7, 1, 1], [1, 3, 2]],
    [[2, 3, 3], [1, 1, 1]],
  ];
  const spacings: [Triple, number | undefined][] = [
    [[1, 1, 1], undefined],
    [[5, 1, 1], 0],
    [[1, 1, 5], 2],
  ];
  const cuts = pairs.flatMap(([shape, newShape]) =>
    spacings.flatMap(([spacing, axis]) =>
      [1, 2, 3, shape[0]].map((thickness) => ({ shape, newShape, spacing, axis, thickness }))
    )
  );
  for (const { shape, newShape, spacing, axis: separateAxis, thickness } of cuts) {
    const row = shape[1] * shape[2] * CLASSES;
    const scores = waves(shape[0] * row);
    const options = { shape, newShape, channels: CLASSES, order: 1 as const, separateAxis };
    const whole = resampleImage(scores, options);
    const geometry = geometryOf(shape, newShape, spacing);
    const resampler = createScoreResampler(geometry, { classes: CLASSES });
    const found: number[] = [], indices: number[] = [];
    for (let z = 0; z < shape[0]; z += thickness) {
      const slab = scores.slice(z * row, (z + thickness) * row);
      for (const { index, scores } of resampler.rows(slab)) {
        indices.push(index);
        found.push(...scores);
      }
      slab.fill(NaN); // the caller may use it again
    }
    assertEquals(indices, Array.from({ length: newShape[0] }, (_, index) => index));
    assertEquals(Float32Array.from(found), whole);
  }
});

Deno.test("createScoreResampler() refuses part of a row and rows beyond the last", () => {
  const resampler = createScoreResampler(geometryOf([2, 1, 2], [4, 1, 2]), { classes: CLASSES });
  assertThrows(
    () => [...resampler.rows(waves(7))],
    RangeError,
    "Cannot resample scores: expected whole rows of 6 values, 2 at most, found 7 values",
  );
  assertEquals([...resampler.rows(waves(6))].length, 0);
  assertThrows(
    () => [...resampler.rows(waves(12))],
    RangeError,
    "Cannot resample scores: expected whole rows of 6 values, 1 at most, found 12 values",
  );
});
