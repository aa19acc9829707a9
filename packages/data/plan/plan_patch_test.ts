import { assertEquals, assertThrows } from "@std/assert";
import type { Triple } from "../volume.ts";
import { planPatch, type PlanPatchOptions } from "./plan_patch.ts";

const OPTIONS: PlanPatchOptions = {
  spacing: [1, 1, 1],
  medianShape: [100, 100, 100],
  cases: 10,
  budgetBytes: 1e12,
  memoryOf: ([d, h, w], batch) => 1000 * batch * d * h * w,
};

for (
  const { name, medianShape, budgetBytes, patchSize } of [
    { name: "one voxel", medianShape: [1, 1, 1], patchSize: [16, 16, 32] },
    { name: "less than 16 along each axis", medianShape: [9, 12, 10], patchSize: [16, 32, 16] },
    { name: "one slice", medianShape: [1, 200, 200], patchSize: [16, 208, 208] },
    {
      name: "few slices and little memory",
      medianShape: [20, 200, 200],
      budgetBytes: 2 * 1000 * 32 * 64 * 64,
      patchSize: [32, 64, 64],
    },
    {
      name: "memory for the smallest patch alone",
      medianShape: [16, 200, 200],
      budgetBytes: 1000 * 16 * 32 * 32,
      patchSize: [16, 32, 32],
    },
  ] as { name: string; medianShape: Triple; budgetBytes?: number; patchSize: Triple }[]
) {
  Deno.test(`planPatch() gives a patch that a network takes when there is ${name}`, () => {
    const planned = planPatch({ ...OPTIONS, medianShape, ...(budgetBytes ? { budgetBytes } : {}) });
    assertEquals(planned.patchSize, patchSize);
  });
}

Deno.test("planPatch() takes one patch when two of the smallest do not fit, and refuses less", () => {
  const one = 1000 * 32 ** 3;
  const planned = planPatch({ ...OPTIONS, budgetBytes: 2 * one - 1 });
  assertEquals([planned.patchSize, planned.batchSize], [[32, 32, 32], 1]);
  assertEquals(
    assertThrows(() => planPatch({ ...OPTIONS, budgetBytes: one - 1 }), RangeError).message,
    "Cannot plan a patch: expected memory for at least one of 32 x 32 x 32 voxels, 32768000 bytes, " +
      "found a budget of 32767999 bytes; choose a smaller network",
  );
});

Deno.test("planPatch() keeps a patch and a batch that are given, whatever they need", () => {
  const given = { patchSize: [64, 64, 64] as Triple, budgetBytes: 1 };
  assertEquals(planPatch({ ...OPTIONS, ...given, batchSize: 7 }).batchSize, 7);
  const { patchSize, batchSize, estimatedBytes } = planPatch({ ...OPTIONS, ...given });
  assertEquals([patchSize, batchSize, estimatedBytes], [[64, 64, 64], 1, 1000 * 64 ** 3]);
});
