import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { fromCanonical } from "./from_canonical.ts";
import { orientationCode } from "./orientation_code.ts";
import golden from "./testdata/orientation.json" with { type: "json" };
import { toCanonical } from "./to_canonical.ts";
import { spacingOf } from "./affine.ts";
import type { Triple, Volume } from "./volume.ts";

/** The volume of the generator: 2x3x4 voxels along x, y, z, numbered with z fastest. */
function numbered(affine: number[]): Volume {
  const data = new Int16Array(24);
  for (let x = 0; x < 2; x++) {
    for (let y = 0; y < 3; y++) {
      for (let z = 0; z < 4; z++) data[(z * 3 + y) * 2 + x] = (x * 3 + y) * 4 + z;
    }
  }
  return { data, shape: [4, 3, 2], channels: 1, spacing: spacingOf(affine), affine };
}

Deno.test("toCanonical() and orientationCode() agree with nibabel on any affine", () => {
  for (const { affine, code, canonicalAffine, canonicalVoxels } of golden) {
    assertEquals(orientationCode(affine), code);
    const { volume } = toCanonical(numbered(affine));
    assertEquals([...volume.data], canonicalVoxels);
    canonicalAffine.forEach((value, i) => assertAlmostEquals(volume.affine[i], value, 1e-9));
    assertEquals(orientationCode(volume.affine), "RAS");
  }
});

Deno.test("fromCanonical() undoes toCanonical() to the last bit", () => {
  for (const { affine } of golden) {
    for (const channels of [1, 2]) {
      const source = numbered(affine);
      const data = Float32Array.from({ length: 24 * channels }, (_, i) => i / 3);
      const { volume, orientation } = toCanonical({ ...source, data, channels });
      const saved = JSON.parse(JSON.stringify(orientation));
      assertEquals(fromCanonical(volume, saved), { ...source, data, channels });
    }
  }
});

Deno.test("fromCanonical() moves the affine along on another grid", () => {
  for (const { affine } of golden) {
    const source = numbered(affine);
    const { volume, orientation } = toCanonical(source);
    const [depth, height, width] = volume.shape;
    const cropped: Volume = {
      ...volume,
      data: volume.data.slice(0, (depth - 1) * height * width),
      shape: [depth - 1, height, width],
    };
    const back = fromCanonical(cropped, orientation);
    assertEquals(orientationCode(back.affine), orientationCode(affine));
    // Each voxel that is left must be where it was: its number tells its index in the source.
    forEachVoxel(back.shape, (index, flat) => {
      const number = back.data[flat];
      const was = [Math.floor(number / 12), Math.floor(number / 4) % 3, number % 4];
      const [now, before] = [position(back.affine, index), position(affine, was)];
      now.forEach((value, axis) => assertAlmostEquals(value, before[axis], 1e-9));
    });
  }
});

function forEachVoxel(
  [depth, height, width]: Triple,
  visit: (xyz: number[], flat: number) => void,
) {
  for (let flat = 0; flat < depth * height * width; flat++) {
    visit(
      [flat % width, Math.floor(flat / width) % height, Math.floor(flat / width / height)],
      flat,
    );
  }
}

function position(affine: number[], [x, y, z]: number[]): number[] {
  return [0, 4, 8].map((row) =>
    affine[row] * x + affine[row + 1] * y + affine[row + 2] * z + affine[row + 3]
  );
}

Deno.test("toCanonical() shares the data when nothing moves and never writes to them", () => {
  const straight = numbered([2, 0, 0, 1, 0, 2, 0, 1, 0, 0, 2, 1, 0, 0, 0, 1]);
  assertEquals(toCanonical(straight).volume.data === straight.data, true);
  const mirrored = numbered([-2, 0, 0, 1, 0, 2, 0, 1, 0, 0, 2, 1, 0, 0, 0, 1]);
  const before = mirrored.data.slice();
  toCanonical(mirrored).volume.data.fill(0);
  assertEquals(mirrored.data, before);
});

Deno.test("orientationCode() refuses an affine that is flat", () => {
  const { message } = assertThrows(
    () => orientationCode([1, 0, 0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 1]),
    RangeError,
  );
  assertEquals(
    message,
    "Cannot tell an orientation: expected an invertible 4x4 affine, found [1, 0, 0, 0, 0, 1, 0, 0, 1, 1, " +
      "0, 0, 0, 0, 0, 1]",
  );
});

Deno.test("toCanonical() refuses an order of the axes that is none", () => {
  const volume: Volume = {
    data: new Float32Array(1),
    shape: [1, 1, 1],
    channels: 1,
    spacing: [1, 1, 1],
    affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
  };
  assertEquals(
    assertThrows(() => toCanonical(volume, { transpose: [0, 1, 1] }), RangeError).message,
    "Cannot transpose a volume: expected 0, 1 and 2 in some order, found [0,1,1]",
  );
});
