import { assertEquals, assertThrows } from "@std/assert";
import { checkCase } from "./check_case.ts";
import type { Volume, VoxelArray } from "./volume.ts";

const AFFINE = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1];
const LABELS = [0, 21, 22].map((value) => ({ name: `label ${value}`, value }));
const FILES = { id: "a", images: ["i/a_0000.nii", "i/a_0001.nii"], label: "l/a.nii" };

function volume(data: VoxelArray): Volume {
  return { data, shape: [2, 1, 2], channels: 1, spacing: [2, 1, 1], affine: AFFINE };
}

const IMAGE = volume(Float32Array.of(1, NaN, -Infinity, 2));
const OTHER = volume(Int16Array.of(1, 2, 3, 4));

Deno.test("checkCase() reports labels stored as floats and values that are not finite", () => {
  const label = volume(Float32Array.of(22, 0, 0, 22));
  const source = { id: "a", images: [IMAGE, OTHER], label };
  assertEquals(checkCase(source, { files: FILES, labels: LABELS, channels: 2 }), {
    nan: 1,
    infinite: 1,
    labelValues: [0, 22],
  });
});

Deno.test("checkCase() passes a case without a label map", () => {
  const files = { id: "a", images: ["i/a.nii"] };
  const report = checkCase({ id: "a", images: [OTHER] }, { files, labels: LABELS, channels: 1 });
  assertEquals(report, { nan: 0, infinite: 0, labelValues: [] });
});

Deno.test("checkCase() knows the ignore label", () => {
  const source = {
    id: "a",
    images: [IMAGE],
    label: { ...IMAGE, data: Uint16Array.of(0, 21, 65535, 0) },
  };
  const options = { files: FILES, labels: LABELS, channels: 1 };
  assertEquals(checkCase(source, { ...options, ignoreLabel: 65535 }).labelValues, [0, 21, 65535]);
  assertEquals(
    assertThrows(() => checkCase(source, options), RangeError).message,
    "Cannot use the case a:\n  l/a.nii: expected the labels 0, 21, 22, found 65535",
  );
});

Deno.test("checkCase() throws with both files and both values of everything that does not fit", () => {
  const label = { ...volume(Float64Array.of(0, 0.5, 21, NaN, 3, 0)), shape: [3, 1, 2] as const };
  const second = { ...OTHER, affine: AFFINE.with(3, 9) };
  const source = { id: "a", images: [IMAGE, second], label: { ...label, shape: [...label.shape] } };
  const error = assertThrows(
    () => checkCase(source as never, { files: FILES, labels: LABELS, channels: 1 }),
    RangeError,
  );
  assertEquals(
    error.message,
    [
      "Cannot use the case a:",
      "  i/a_0000.nii and i/a_0001.nii: expected one grid, found affine: " +
      "the same voxel lies up to 9 mm apart (first voxels at (0, 0, 0) and (9, 0, 0) mm)",
      "  i/a_0000.nii and l/a.nii: expected one grid, found shape: 2x1x2 and 3x1x2 (z, y, x)",
      "  i/a_0000.nii, i/a_0001.nii: expected 1 channel, found 2",
      "  l/a.nii: expected the labels 0, 21, 22, found 0.5, 3, NaN",
    ].join("\n"),
  );
});
