import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { readNifti } from "./nifti/read_nifti.ts";
import { preprocessCase, type PreprocessingPlan } from "./preprocess_case.ts";
import { restoreMask } from "./restore_mask.ts";
import nnunet from "./testdata/nnunet.json" with { type: "json" };
import golden from "./testdata/preprocess.json" with { type: "json" };
import type { Triple, Volume } from "./volume.ts";

const SHAPE = golden.shape as Triple;
const SPACING = golden.spacing as Triple;
const AFFINE = [SPACING[2], 0, 0, 3, 0, SPACING[1], 0, -4, 0, 0, SPACING[0], 5, 0, 0, 0, 1];

function volume(data: number[], channels = 1): Volume {
  return {
    data: Float32Array.from(data),
    shape: SHAPE,
    channels,
    spacing: SPACING,
    affine: AFFINE,
  };
}

const CASE = { id: "golden", images: [volume(golden.image, 2)], label: volume(golden.label) };
const ZSCORE = { scheme: "zscore" as const };

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  assertEquals(a.length, b.length);
  let worst = 0;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i] - b[i]));
  return worst;
}

for (
  const [name, order, insideMask, expected] of [
    ["nnU-Net v1", "resample-first", false, golden.resampleFirst],
    ["nnU-Net v2", "normalize-first", false, golden.normalizeFirst],
    ["nnU-Net v1 inside the mask", "resample-first", true, golden.resampleFirstInsideMask],
  ] as const
) {
  Deno.test(`preprocessCase() equals ${name} in numpy when the order is ${order}`, () => {
    const plan: PreprocessingPlan = {
      spacing: golden.target as Triple,
      order,
      normalization: [{ ...ZSCORE, insideMask }, { ...ZSCORE, insideMask }],
    };
    const result = preprocessCase(CASE, plan);
    assertEquals(result.shape, golden.newShape);
    const { start, stop } = result.geometry.box;
    assertEquals(start.map((value, axis) => [value, stop[axis]]), golden.box);
    assertEquals([...result.label!], golden.newLabel);
    const worst = largestDifference(result.image, expected);
    assert(worst < 2e-6, `${worst}`); // of values from about -2 to 3, in float32
    assertEquals(result.foreground.map(({ label }) => label), [1, 2]);
  });
}

for (const { shape, spacing, target, transpose, insideMask, ...values } of nnunet.cases) {
  for (const order of ["resample-first", "normalize-first"] as const) {
    const version = order === "resample-first" ? 1 : 2;
    Deno.test(`preprocessCase() equals nnU-Net v${version} for ${spacing} mm, axes ${transpose}`, () => {
      const [z, y, x] = spacing;
      const place = {
        shape: shape as Triple,
        spacing: spacing as Triple,
        affine: [x, 0, 0, 7, 0, y, 0, 8, 0, 0, z, 9, 0, 0, 0, 1],
      };
      const image = { ...place, data: Float32Array.from(values.image), channels: 2 };
      const label = { ...place, data: Uint8Array.from(values.label), channels: 1 };
      const expected = values[order];
      const result = preprocessCase({ id: "a", images: [image], label }, {
        order,
        spacing: target as Triple,
        transpose: transpose as Triple,
        normalization: insideMask.map((insideMask) => ({ ...ZSCORE, insideMask })),
      });
      assertEquals(result.shape, expected.shape);
      assertEquals([...result.label!], expected.label);
      // Values from about -2 to 3; float32 between the steps, in nnU-Net and here.
      const worst = largestDifference(result.image, expected.image);
      assert(worst < 5e-6, `${worst}`);
      const mask = restoreMask(result.label!.map((value) => Math.max(0, value)), result.geometry);
      assertEquals([mask.shape, mask.affine], [image.shape, image.affine]);
    });
  }
}

Deno.test("preprocessCase() keeps every value when the spacing fits and nothing is normalised", () => {
  const image = volume(golden.image.map((value) => value + 1), 2);
  const normalization = [{ scheme: "none" as const }, { scheme: "none" as const }];
  for (const spacing of [undefined, SPACING]) {
    const result = preprocessCase({ id: "a", images: [image] }, { spacing, normalization });
    assertEquals(result.image, image.data);
    assertEquals(result.spacing, SPACING);
    assertEquals(result.label, undefined);
  }
});

Deno.test("preprocessCase() joins images of one channel as it takes one of several", () => {
  const split = [0, 1].map((c) => volume(golden.image.filter((_, i) => i % 2 === c)));
  const plan: PreprocessingPlan = { spacing: [1, 1, 1], normalization: [ZSCORE, ZSCORE] };
  assertEquals(preprocessCase({ ...CASE, images: split }, plan), preprocessCase(CASE, plan));
});

Deno.test("preprocessCase() gives the same case when the file's axes are in another order", () => {
  // The same voxels, stored with W running left and D and H exchanged.
  const [depth, height, width] = SHAPE;
  const stored = (values: number[], channels: number): Volume => {
    const data = new Float32Array(values.length);
    for (let z = 0, from = 0; z < depth; z++) {
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const to = ((y * depth + z) * width + width - 1 - x) * channels;
          for (let c = 0; c < channels; c++) data[to + c] = values[from++];
        }
      }
    }
    const [dz, dy, dx] = SPACING;
    const affine = [-dx, 0, 0, 3 + dx * (width - 1), 0, 0, dy, -4, 0, dz, 0, 5, 0, 0, 0, 1];
    return { data, shape: [height, depth, width], channels, spacing: [dy, dz, dx], affine };
  };
  const plan: PreprocessingPlan = { spacing: [1, 1, 1], normalization: [ZSCORE, ZSCORE] };
  const images = [stored(golden.image, 2)];
  const other = preprocessCase({ id: "golden", images, label: stored(golden.label, 1) }, plan);
  const { geometry, ...expected } = preprocessCase(CASE, plan);
  const { geometry: otherGeometry, ...rest } = other;
  assertEquals(rest, expected);
  assertEquals(otherGeometry.box, geometry.box);
  assertEquals(otherGeometry.orientation.source.shape, [height, depth, width]);
});

Deno.test("preprocessCase() sets what is not finite to 0 and counts it", () => {
  const image = volume([...golden.image], 2);
  image.data.set([NaN, Infinity, -Infinity], 100);
  const { replacedValues, image: data } = preprocessCase({ id: "a", images: [image] }, {
    normalization: [ZSCORE, ZSCORE],
  });
  assertEquals(replacedValues, 3);
  assert(data.every(Number.isFinite));
});

Deno.test("preprocessCase() turns label values into classes when the plan has labels", () => {
  const label = volume(golden.label.map((value) => [0, 207, 21][value]));
  const normalization = [ZSCORE, ZSCORE];
  const mapped = preprocessCase({ ...CASE, label }, { normalization, labels: [0, 207, 21] });
  assertEquals(mapped.label, preprocessCase(CASE, { normalization }).label);
});

Deno.test("preprocessCase() makes a class of its own of the ignore label and locates regions", () => {
  const label = volume(golden.label.map((value) => [0, 40000, 65535][value]));
  const plan: PreprocessingPlan = { normalization: [ZSCORE, ZSCORE], labels: [0, 3, 40000] };
  const plain = preprocessCase(CASE, { normalization: [ZSCORE, ZSCORE] });
  const result = preprocessCase({ ...CASE, label }, {
    ...plan,
    ignoreLabel: 65535,
    regions: [[3], [3, 40000]],
  });
  assertEquals(result.label, plain.label!.map((value) => value > 0 ? value + 1 : value));
  const ones = plain.foreground.find((entry) => entry.label === 1)!.voxels;
  assertEquals(result.foreground, [{ label: 2, voxels: ones }]);
  const annotated = [...result.label!.keys()].filter((voxel) => result.label![voxel] !== 3);
  assertEquals([...result.annotated!], annotated);
  assertEquals(plain.annotated, undefined);
});

Deno.test("preprocessCase() throws when volumes, plan and labels do not fit", () => {
  const one = { normalization: [ZSCORE] };
  const tiny: Volume = {
    data: Float32Array.of(1, 2, 3, 4),
    shape: [1, 2, 2],
    channels: 1,
    spacing: [1, 2, 1],
    affine: [1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
  };
  const plan: PreprocessingPlan = { normalization: [ZSCORE, ZSCORE] };
  const shifted = { ...CASE.label, affine: AFFINE.with(3, 5) };
  const half = volume(golden.label.with(7, 0.5));
  const attempts: [() => unknown, string][] = [
    [
      () => preprocessCase({ id: "a", images: [] }, plan),
      "Cannot preprocess case a: expected at least one image, found none",
    ],
    [
      () => preprocessCase(CASE, { normalization: [ZSCORE] }),
      "Cannot preprocess case golden: expected 1 channel as in the plan, found 2",
    ],
    [
      () => preprocessCase({ ...CASE, label: shifted }, plan),
      "Cannot preprocess case golden: expected image 0 and the label map on one grid, " +
      "found affine: the same voxel lies up to 2 mm apart " +
      "(first voxels at (3, -4, 5) and (5, -4, 5) mm)",
    ],
    [
      () => preprocessCase({ ...CASE, label: half }, plan),
      "Cannot preprocess case golden: " +
      "expected every label to be a whole number from 0 to 32767, found 0.5",
    ],
    [
      () => preprocessCase(CASE, { ...plan, labels: [0, 1] }),
      "Cannot preprocess case golden: expected every label to be one of 0, 1, found 2",
    ],
    [
      () => preprocessCase(CASE, { ...plan, labels: [0, 1], ignoreLabel: 3 }),
      "Cannot preprocess case golden: expected every label to be one of 0, 1, 3, found 2",
    ],
    [
      () => preprocessCase(CASE, { ...plan, ignoreLabel: 3 }),
      "Cannot preprocess case golden: expected 'labels' in the plan beside 'ignoreLabel' and " +
      "'regions', found none",
    ],
    [
      () => preprocessCase(CASE, { ...plan, labels: [0, 1, 2], regions: [[1], [2, 3]] }),
      "Cannot preprocess case golden: expected in the plan's regions values of its labels, found 3",
    ],
    [
      () => preprocessCase({ id: "a", images: [tiny] }, { ...one, spacing: [1e-3, 1e-3, 1e-3] }),
      "Cannot preprocess case a: expected at most 4294967296 bytes after resampling from " +
      "1 x 2 x 1 mm to 0.001 x 0.001 x 0.001 mm, found 1000x4000x2000 voxels (z, y, x) " +
      "of float32, 32000000000 bytes",
    ],
  ];
  for (const [attempt, message] of attempts) {
    assertEquals(assertThrows(attempt, RangeError).message, message);
  }
});

const hippocampus = new URL("../../../shared/data/hippocampus/", import.meta.url);
const exists = await Deno.stat(hippocampus).then(() => true, () => false);

Deno.test({
  name: "preprocessCase() normalises a hippocampus (needs ../shared/data/hippocampus)",
  ignore: !exists,
  async fn() {
    const read = (folder: string) =>
      readNifti(new URL(`${folder}/hippocampus_001.nii.gz`, hippocampus).pathname);
    const image = await read("imagesTr"), label = await read("labelsTr");
    const plan: PreprocessingPlan = { spacing: [1, 1, 1], normalization: [ZSCORE] };
    const result = preprocessCase({ id: "hippocampus_001", images: [image], label }, plan);
    assertEquals(result.shape, [35, 51, 35]);
    const n = result.image.length;
    const mean = result.image.reduce((sum, value) => sum + value, 0) / n;
    assertAlmostEquals(mean, 0, 1e-6);
    assertAlmostEquals(result.image.reduce((sum, value) => sum + value ** 2, 0) / n, 1, 1e-5);
    assertEquals(result.foreground.map(({ label }) => label), [1, 2]);
  },
});
