import { assert, assertEquals } from "@std/assert";
import { foregroundLocations } from "./foreground_locations.ts";

Deno.test("foregroundLocations() keeps all voxels of a label when they are at most 10 000", () => {
  const label = Int16Array.from({ length: 30_000 }, (_, i) => i % 3 - 1);
  const [only, ...rest] = foregroundLocations(label);
  assertEquals(rest, []);
  assertEquals(only.label, 1);
  assertEquals([...only.voxels], Array.from({ length: 10_000 }, (_, i) => 3 * i + 2));
});

Deno.test("foregroundLocations() chooses 10 000 or one in a hundred, evenly, without repeats", () => {
  for (const [n, count] of [[40_000, 10_000], [1_000_050, 10_001]]) {
    const [{ voxels }] = foregroundLocations(new Int16Array(n).fill(4));
    assertEquals(voxels.length, count);
    assert(voxels.every((voxel, i) => i === 0 || voxel > voxels[i - 1]));
    assert(voxels[0] >= 0 && voxels[count - 1] < n);
    const quarters = [0, 0, 0, 0];
    for (const voxel of voxels) quarters[Math.floor(4 * voxel / n)]++;
    const chiSquare = quarters.reduce((sum, q) => sum + (q - count / 4) ** 2 / (count / 4), 0);
    assert(chiSquare < 16.27, `chi square ${chiSquare}`); // 3 degrees of freedom, p = 0.001
  }
});

Deno.test("foregroundLocations() depends on the seed and not on other labels", () => {
  const label = new Int16Array(30_000).fill(1);
  const withOther = Int16Array.of(...[2, 2], ...label);
  const [alone] = foregroundLocations(label, { seed: 5 });
  const [beside] = foregroundLocations(withOther, { seed: 5 });
  assertEquals(beside.voxels.map((voxel) => voxel - 2), alone.voxels);
  assert(foregroundLocations(label, { seed: 6 })[0].voxels.some((v, i) => v !== alone.voxels[i]));
});

Deno.test("foregroundLocations() chooses for overlapping regions and passes over the ignore class", () => {
  const label = Int16Array.of(1, 2, 3, 0, 2, -1, 4);
  const regions = [[1, 2], [3], [2, 3], [5]];
  assertEquals(foregroundLocations(label, { regions, ignoreClass: 4 }), [
    { label: 1, voxels: Int32Array.of(0, 1, 4) },
    { label: 2, voxels: Int32Array.of(2) },
    { label: 3, voxels: Int32Array.of(1, 2, 4) },
  ]);
  assertEquals(foregroundLocations(label, { ignoreClass: 4 }).map(({ label }) => label), [1, 2, 3]);
});
