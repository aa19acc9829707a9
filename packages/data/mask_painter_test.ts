import { assertEquals, assertThrows } from "@std/assert";
import type { CaseGeometry } from "./case_geometry.ts";
import { createMaskPainter } from "./mask_painter.ts";

/** Two rows of two voxels, the middle of an image of 2 x 1 x 4. */
const GEOMETRY: CaseGeometry = {
  orientation: {
    axes: [0, 1, 2],
    flipped: [false, false, false],
    source: {
      shape: [2, 1, 4],
      spacing: [1, 1, 1],
      affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
    },
    canonical: {
      shape: [2, 1, 4],
      affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
    },
  },
  box: { start: [0, 0, 1], stop: [2, 1, 3] },
  spacing: [1, 1, 1],
  newSpacing: [1, 1, 1],
  shape: [2, 1, 2],
};

Deno.test("createMaskPainter() paints later regions over earlier ones, where they reach the threshold", () => {
  // Whole tumour, core, enhancing, as BraTS; a score of exactly the threshold is outside, as in nnU-Net.
  const rows = [
    { index: 1, scores: Float32Array.of(0.5, 0.5, 0.5, 0.6, 0.5, 0.9) },
    { index: 0, scores: Float32Array.of(0.9, 0.7, 0.1, 0.4, 0.9, 0.2) },
  ];
  const options = { classes: 3, regionsClassOrder: [2, 1, 300], threshold: 0.5 };
  const painter = createMaskPainter(GEOMETRY, options);
  rows.forEach(painter.paint);
  assertEquals(painter.finish().data, Uint16Array.of(0, 1, 1, 0, 0, 0, 300, 0));
  const logits = createMaskPainter(GEOMETRY, { classes: 1, regionsClassOrder: [5] });
  logits.paint({ index: 0, scores: Float32Array.of(-0.1, 0.1) });
  logits.paint({ index: 1, scores: Float32Array.of(0, 1e-9) });
  assertEquals(logits.finish().data, Uint8Array.of(0, 0, 5, 0, 0, 0, 5, 0));
});

Deno.test("createMaskPainter() knows more than 256 classes", () => {
  const classes = 400;
  const painter = createMaskPainter(GEOMETRY, { classes });
  const scores = new Float32Array(2 * classes);
  scores[399] = scores[classes + 256] = 1;
  painter.paint({ index: 0, scores });
  assertEquals(painter.finish().data, Uint16Array.of(0, 399, 256, 0, 0, 0, 0, 0));
});

Deno.test("createMaskPainter() refuses rows that are not of the box and labels that are too few", () => {
  const attempts: [() => unknown, string][] = [
    [
      () =>
        createMaskPainter(GEOMETRY, { classes: 2 }).paint({
          index: 2,
          scores: new Float32Array(4),
        }),
      "Cannot paint row 2 of 2: expected 4 scores, found 4",
    ],
    [
      () =>
        createMaskPainter(GEOMETRY, { classes: 2 }).paint({
          index: 0,
          scores: new Float32Array(3),
        }),
      "Cannot paint row 0 of 2: expected 4 scores, found 3",
    ],
    [
      () => createMaskPainter(GEOMETRY, { classes: 3, regionsClassOrder: [1, 2] }),
      "Cannot restore scores of 3 regions: every region needs a label, found 2 labels",
    ],
  ];
  for (const [attempt, message] of attempts) {
    assertEquals(assertThrows(attempt, RangeError).message, message);
  }
});
