import { assert, assertEquals, assertThrows } from "@std/assert";
import { readNifti } from "./nifti/read_nifti.ts";
import {
  preprocessCase,
  type PreprocessedCase,
  type PreprocessingPlan,
} from "./preprocess_case.ts";
import { restoreMask } from "./restore_mask.ts";
import golden from "./testdata/labels.json" with { type: "json" };
import type { Triple, Volume } from "./volume.ts";

const NONE = { scheme: "none" as const };

/** Every order of the axes with every choice of directions: 48 affines of a left or right hand. */
function* affines(spacing: Triple): Generator<number[]> {
  for (const order of [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]) {
    for (let signs = 0; signs < 8; signs++) {
      const affine = new Array<number>(16).fill(0);
      for (let voxelAxis = 0; voxelAxis < 3; voxelAxis++) {
        const sign = (signs >> voxelAxis) & 1 ? -1 : 1;
        affine[4 * order[voxelAxis] + voxelAxis] = sign * spacing[2 - voxelAxis];
      }
      affine.splice(12, 4, 0, 0, 0, 1);
      [affine[3], affine[7], affine[11]] = [10.25, -31.5, 4.125];
      yield affine;
    }
  }
}

function phantom(
  shape: Triple,
  spacing: Triple,
  affine: number[],
): { image: Volume; label: Volume } {
  const n = shape[0] * shape[1] * shape[2];
  const image = new Float32Array(n), label = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    const x = i % shape[2], y = Math.floor(i / shape[2]) % shape[1];
    const z = Math.floor(i / shape[2] / shape[1]);
    if (x === 0 || y < 2 || z === shape[0] - 1) continue; // an empty border, to be cropped
    image[i] = 1 + i % 5;
    label[i] = (i * 7) % 4;
  }
  const rest = { shape, spacing, affine, channels: 1 };
  return { image: { data: image, ...rest }, label: { data: label, ...rest } };
}

function maskOf({ label }: PreprocessedCase): Int16Array {
  return label!.map((value) => Math.max(0, value));
}

Deno.test("restoreMask() gives back every voxel in all 48 orientations of a cropped case, transposed or not", () => {
  const shape: Triple = [4, 6, 5], spacing: Triple = [2, 1, 0.5];
  for (const affine of affines(spacing)) {
    const { image, label } = phantom(shape, spacing, affine);
    for (const transpose of [[0, 1, 2], [2, 0, 1], [0, 2, 1], [1, 2, 0]] as Triple[]) {
      const plan = { normalization: [NONE], transpose };
      const result = preprocessCase({ id: "a", images: [image], label }, plan);
      assert(result.image.length < image.data.length);
      assertEquals(restoreMask(maskOf(result), result.geometry), label);
    }
  }
});

Deno.test("restoreMask() gives back every voxel when the case was resampled to a third", () => {
  // Each voxel becomes three, whose middle one lies on its centre.
  const shape: Triple = [4, 6, 5], spacing: Triple = [3, 1.5, 0.75];
  for (const affine of affines(spacing)) {
    const { image, label } = phantom(shape, spacing, affine);
    const canonical = preprocessCase({ id: "a", images: [image], label }, {
      normalization: [NONE],
    });
    const third = canonical.spacing.map((value) => value / 3) as Triple;
    const plan: PreprocessingPlan = {
      spacing: [third[2], third[0], third[1]],
      transpose: [2, 0, 1],
      normalization: [NONE],
    };
    const result = preprocessCase({ id: "a", images: [image], label }, plan);
    assertEquals(result.shape, [2, 0, 1].map((axis) => 3 * canonical.shape[axis]));
    assertEquals(restoreMask(maskOf(result), result.geometry), label);
  }
});

Deno.test("restoreMask() takes the class of the largest score after resampling", () => {
  const spacing: Triple = [1, 1, 1], shape: Triple = [1, 1, 2];
  const affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
  const image: Volume = { data: Float32Array.of(1, 2), shape, channels: 1, spacing, affine };
  const plan: PreprocessingPlan = { spacing: [1, 1, 0.5], normalization: [NONE] };
  const { geometry } = preprocessCase({ id: "a", images: [image] }, plan);
  assertEquals(geometry.shape, [1, 1, 4]);
  // Two network voxels are averaged for each voxel of the image: (0.9, 0.1) with (0.3, 0.7).
  const scores = Float32Array.of(0.9, 0.1, 0.3, 0.7, 0.2, 0.8, 0.6, 0.4);
  const mask = restoreMask(scores, geometry, { classes: 2, labels: [0, 300] });
  assertEquals(mask.data, Uint16Array.of(0, 300));
});

/** Where a case lies that fills its image and is not resampled. */
function wholeGeometry(shape: Triple) {
  const image: Volume = {
    data: new Float32Array(shape[0] * shape[1] * shape[2]).fill(1),
    shape,
    channels: 1,
    spacing: [1, 1, 1],
    affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
  };
  return preprocessCase({ id: "a", images: [image] }, { normalization: [NONE] }).geometry;
}

for (const { labels, values, regions_class_order: order, heads, logits, mask } of golden) {
  Deno.test(`restoreMask() paints as nnU-Net does for ${Object.keys(labels)}`, () => {
    const geometry = wholeGeometry([2, 3, 4]);
    const options = order ? { regionsClassOrder: order } : { labels: values };
    const scores = Float32Array.from(logits);
    assertEquals([...restoreMask(scores, geometry, { classes: heads, ...options }).data], mask);
    const sigmoid = scores.map((score) => 1 / (1 + Math.exp(-score)));
    const likely = { classes: heads, ...options, threshold: 0.5 };
    assertEquals([...restoreMask(sigmoid, geometry, likely).data], mask);
  });
}

Deno.test("restoreMask() holds label values up to 65535", () => {
  const geometry = wholeGeometry([1, 1, 3]);
  const mask = restoreMask(Uint16Array.of(0, 40000, 65535), geometry);
  assertEquals(mask.data, Uint16Array.of(0, 40000, 65535));
  const scores = Float32Array.of(1, -1, 1, 1, -1, -1);
  const regions = { classes: 2, regionsClassOrder: [65535, 40000] };
  assertEquals(restoreMask(scores, geometry, regions).data, Uint16Array.of(65535, 40000, 0));
});

Deno.test("restoreMask() throws when values, grid and labels do not fit", () => {
  const { image } = phantom([4, 6, 5], [1, 1, 1], [...affines([1, 1, 1])][0]);
  const { geometry } = preprocessCase({ id: "a", images: [image] }, { normalization: [NONE] });
  const n = 3 * 4 * 4;
  const attempts: [() => unknown, string][] = [
    [
      () => restoreMask(new Int32Array(7), geometry),
      `Cannot restore a mask: the values must be ${n} on a grid of 3 x 4 x 4 voxels, found 7`,
    ],
    [
      () => restoreMask(new Float32Array(n), geometry, { classes: 3 }),
      `Cannot restore scores of 3 classes: the values must be ${3 * n} on a grid of ` +
      `3 x 4 x 4 voxels, found ${n}`,
    ],
    [
      () => restoreMask(new Float32Array(3 * n), geometry, { classes: 3, labels: [0, 1] }),
      "Cannot restore scores of 3 classes: every class needs a label, found 2 labels",
    ],
    [
      () => restoreMask(new Int32Array(n).fill(2), geometry, { labels: [0, 1] }),
      "Cannot restore a mask: expected classes from 0 to 1, found 2",
    ],
    [
      () => restoreMask(new Float32Array(2 * n), geometry, { classes: 2, regionsClassOrder: [1] }),
      "Cannot restore scores of 2 regions: every region needs a label, found 1 labels",
    ],
    [
      () => restoreMask(new Int32Array(n).fill(-1), geometry),
      "Cannot restore a mask: expected classes from 0 on, found -1",
    ],
  ];
  for (const [attempt, message] of attempts) {
    assertEquals(assertThrows(attempt, RangeError).message, message);
  }
});

const data = new URL("../../../shared/data/", import.meta.url);
const exists = await Deno.stat(data).then(() => true, () => false);

// Image, label: permuted, flipped, left-handed, anisotropic and oblique files with sparse labels.
const FILES: [string, string][] = [
  ["hippocampus/imagesTr/hippocampus_003", "hippocampus/labelsTr/hippocampus_003"],
  [
    "spine_tptbox/sample_ct/sub-ct_label-22_ct",
    "spine_tptbox/sample_ct/sub-ct_seg-vert_label-22_msk",
  ],
  [
    "spine_tptbox/sample_mri/sub-mri_label-6_T2w",
    "spine_tptbox/sample_mri/sub-mri_seg-subreg_label-6_msk",
  ],
  ["spinalcord_sct/t2/t2", "spinalcord_sct/t2/t2_seg-manual_labeled"],
  ["spinalcord_sct/t2s/t2s", "spinalcord_sct/t2s/t2s_seg-deepseg"],
  ["spinalcord_sct/mt/mtr", "spinalcord_sct/mt/mt1_seg"],
  ["totalseg_ct_mr/example_mr_sm", "totalseg_ct_mr/example_seg_mr"],
];

for (const [imageName, labelName] of FILES) {
  Deno.test({
    name: `restoreMask() gives back ${labelName} (needs ../shared/data)`,
    ignore: !exists,
    async fn() {
      const read = (name: string) => readNifti(new URL(`${name}.nii.gz`, data).pathname);
      const image = await read(imageName), label = await read(labelName);
      const labels = [...new Set(label.data)].sort((a, b) => a - b);
      const source = { id: imageName, images: [image], label };
      const plan: PreprocessingPlan = { normalization: [{ scheme: "zscore" }], labels };
      const same = preprocessCase(source, plan);
      const restored = restoreMask(maskOf(same), same.geometry, { labels });
      assertEquals([...restored.data], [...label.data]);
      assertEquals(restored.affine, image.affine);
      assertEquals([restored.shape, restored.spacing], [image.shape, image.spacing]);

      if (image.data.length > 200_000) return;
      const spacing = same.spacing.map((value) => value / 3) as Triple;
      const resampled = preprocessCase(source, { ...plan, spacing });
      const again = restoreMask(maskOf(resampled), resampled.geometry, { labels });
      assertEquals([...again.data], [...label.data]);
    },
  });
}
