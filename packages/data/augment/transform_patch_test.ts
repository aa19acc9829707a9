import { assert, assertEquals, assertThrows } from "@std/assert";
import { blocks, GOLDEN, largestDifference, values } from "../testdata/augment_golden.ts";
import type { Triple } from "../volume.ts";
import { transformMatrix } from "./transform_matrix.ts";
import { transformPatch } from "./transform_patch.ts";

Deno.test("transformPatch() equals batchgeneratorsv2's SpatialTransform", () => {
  for (const { shape, newShape, degrees, scale, dummy2d, image, label } of GOLDEN.spatial) {
    const angles = degrees.map((angle) => angle * Math.PI / 180) as Triple;
    const matrix = transformMatrix(angles, [dummy2d ? 1 : scale, scale, scale]);
    const result = transformPatch({ image: values(shape), label: blocks(shape) }, {
      shape,
      newShape,
      matrix,
    });
    // PyTorch computes places in float32: 1e-6 of a voxel, over which intensities change by up to 2.
    const difference = largestDifference(result.image, image);
    assert(difference < 1e-5, `${degrees}, ${scale}: ${difference}`);
    assertEquals([...result.label], label, `${degrees}, ${scale}`);
  }
});

Deno.test("transformPatch() keeps channels apart and the patch as it was", () => {
  const shape: Triple = [5, 6, 4], newShape: Triple = [4, 4, 4];
  const matrix = transformMatrix([0.3, -0.2, 0.5], [1.2, 1.2, 1.2]);
  const first = values(shape), second = first.map((value) => 3 * value - 1), label = blocks(shape);
  const both = new Float32Array(2 * first.length);
  first.forEach((value, i) => {
    both[2 * i] = value;
    both[2 * i + 1] = second[i];
  });
  const before = both.slice();
  const result = transformPatch({ image: both, label }, { shape, newShape, matrix, channels: 2 });
  [first, second].forEach((image, channel) => {
    const alone = transformPatch({ image, label }, { shape, newShape, matrix });
    assertEquals(result.image.filter((_, i) => i % 2 === channel), alone.image);
    assertEquals(result.label, alone.label);
  });
  assertEquals(both, before);
  assertEquals(label, blocks(shape));
});

Deno.test("transformPatch() changes nothing when nothing is rotated, scaled or cut", () => {
  const shape: Triple = [4, 5, 3];
  const patch = { image: values(shape), label: blocks(shape) };
  const matrix = transformMatrix([0, 0, 0], [1, 1, 1]);
  assertEquals(transformPatch(patch, { shape, newShape: shape, matrix }), patch);
});

Deno.test("transformPatch() throws when data or matrix have the wrong size", () => {
  const patch = { image: new Float32Array(8), label: new Int32Array(7) };
  const shape: Triple = [2, 2, 2], newShape = shape;
  assertThrows(
    () => transformPatch(patch, { shape, newShape, matrix: [] }),
    RangeError,
    "Cannot transform a patch of 2 x 2 x 2 voxels: expected 8 values and 8 labels, found 8 and 7",
  );
  assertThrows(
    () => transformPatch({ ...patch, label: new Int32Array(8) }, { shape, newShape, matrix: [1] }),
    RangeError,
    "Cannot transform a patch: expected a matrix of 9 numbers, found 1",
  );
});
