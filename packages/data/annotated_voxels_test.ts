import { assert, assertEquals } from "@std/assert";
import { annotatedVoxels } from "./annotated_voxels.ts";

Deno.test("annotatedVoxels() takes background and what lies outside the mask, and no ignored voxel", () => {
  const label = Int16Array.from({ length: 40_000 }, (_, i) => [0, 2, -1, 1][i % 4]);
  const voxels = annotatedVoxels(label, { ignoreClass: 2 });
  assertEquals(voxels.length, 10_000);
  assert(voxels.every((voxel) => label[voxel] !== 2));
  assertEquals([...new Set(voxels.map((voxel) => label[voxel]))].sort(), [-1, 0, 1]);
  assertEquals(annotatedVoxels(Int16Array.of(2, 2), { ignoreClass: 2 }), new Int32Array(0));
});
