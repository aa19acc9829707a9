/** Cases that are odd and no error, from the file to the mask. */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { readCase, writeCase } from "./case_store.ts";
import { readNifti } from "./nifti/read_nifti.ts";
import { writeNifti } from "./nifti/write_nifti.ts";
import { samplePatch } from "./patch_sampler.ts";
import { preprocessCase, type PreprocessingPlan } from "./preprocess_case.ts";
import { randomStream } from "./random.ts";
import { restoreMask } from "./restore_mask.ts";
import { DATA, hasData } from "./testdata/sample_data.ts";
import type { Triple, Volume, VoxelArray } from "./volume.ts";

const ORDERS = ["resample-first", "normalize-first"] as const;

function volume(data: VoxelArray, shape: Triple, spacing: Triple = [1, 1, 1]): Volume {
  const [z, y, x] = spacing;
  const affine = [x, 0, 0, 0, 0, y, 0, 0, 0, 0, z, 0, 0, 0, 0, 1];
  return { data, shape, channels: 1, spacing, affine };
}

function zscore(insideMask: boolean): PreprocessingPlan["normalization"] {
  return [{ scheme: "zscore", insideMask }];
}

for (const value of [0, 0.1, -1024]) {
  Deno.test(`an image of ${value} alone becomes zeros, and its labels stay`, () => {
    const image = volume(new Float32Array(60).fill(value), [3, 4, 5]);
    const label = volume(Uint8Array.from({ length: 60 }, (_, i) => i < 30 ? 1 : 0), [3, 4, 5]);
    for (const order of ORDERS) {
      for (const insideMask of [false, true]) {
        for (const spacing of [undefined, [0.7, 1.3, 1] as Triple]) {
          const plan = { order, spacing, normalization: zscore(insideMask) };
          const result = preprocessCase({ id: "a", images: [image], label }, plan);
          assert(result.image.every((voxel) => Object.is(Math.abs(voxel), 0)));
          assertEquals(result.geometry.box, { start: [0, 0, 0], stop: [3, 4, 5] });
          assertEquals(result.foreground.map(({ label }) => label), [1]);
        }
      }
    }
  });
}

Deno.test("a volume of one voxel along an axis is resampled along the others, and comes back", () => {
  for (const axis of [0, 1, 2]) {
    const shape: Triple = [6, 6, 6], spacing: Triple = [3, 3, 3];
    shape[axis] = 1;
    spacing[axis] = 17;
    const data = Float32Array.from({ length: 36 }, (_, i) => 1 + i % 7);
    const label = volume(data.map((value) => value > 4 ? 1 : 0), shape, spacing);
    const image = volume(data, shape, spacing);
    for (const target of [[1, 1, 1], spacing.map((size) => size / 3), spacing] as Triple[]) {
      const plan = { spacing: target, normalization: zscore(false) };
      const result = preprocessCase({ id: "a", images: [image], label }, plan);
      assertEquals(
        result.shape,
        shape.map((size, i) => Math.round(size * spacing[i] / target[i])),
      );
      assert(result.image.every(Number.isFinite));
      const mask = restoreMask(result.label!, result.geometry);
      assertEquals([...mask.data], [...label.data]);
    }
  }
});

Deno.test("a case without foreground, smaller than the patch, gives patches of background", () => {
  const image = volume(Float32Array.from({ length: 24 }, (_, i) => 1 + i), [2, 3, 4]);
  const label = volume(new Uint8Array(24), [2, 3, 4]);
  const source = { id: "a", images: [image], label };
  const result = preprocessCase(source, { normalization: [{ scheme: "none" }] });
  assertEquals(result.foreground, []);
  const stream = randomStream(1);
  const patch = samplePatch(result, { patchSize: [8, 8, 8], forceForeground: true, stream });
  assertEquals(patch.label.every((value) => value <= 0), true);
  assertEquals([...patch.image].filter((value) => value !== 0).sort((a, b) => a - b), [
    ...image.data,
  ]);
});

Deno.test("label values up to 65535 go from a file through a stored case into a mask's file", async () => {
  const folder = await Deno.makeTempDir();
  const labels = [0, 300, 32768, 65534];
  const values = Uint16Array.from({ length: 60 }, (_, i) => [...labels, 65535][i % 5]);
  await writeNifti(join(folder, "label.nii.gz"), volume(values, [3, 4, 5]));
  const image = volume(Float32Array.from(values, (value) => 1 + value), [3, 4, 5]);
  const label = await readNifti(join(folder, "label.nii.gz"));
  const plan = { labels, ignoreLabel: 65535, normalization: zscore(false) };
  await writeCase(
    join(folder, "a.zarr"),
    preprocessCase({ id: "a", images: [image], label }, plan),
  );
  const stored = await readCase(join(folder, "a.zarr"));
  assertEquals([...new Set(stored.label)].sort(), [0, 1, 2, 3, 4]);
  const known = [...labels, 65535];
  const mask = restoreMask(stored.label!, stored.geometry, { labels: known });
  await writeNifti(join(folder, "mask.nii.gz"), mask, { dtype: "label" });
  assertEquals((await readNifti(join(folder, "mask.nii.gz"))).data, values);
  await Deno.remove(folder, { recursive: true });
});

// Image, label, and what is odd about them.
const FILES: { image: string; label?: string; odd: string; nonFinite?: number; axis?: number }[] = [
  {
    image: "spinalcord_sct/mt/mtr",
    label: "spinalcord_sct/mt/mt1_seg",
    odd: "NaN voxels and slices of 17 mm",
    nonFinite: 633,
    axis: 0,
  },
  {
    image: "spinalcord_sct/t2s/t2s",
    label: "spinalcord_sct/t2s/t2s_seg-deepseg",
    odd: "slices of 7.5 mm",
    axis: 0,
  },
  { image: "nifti_robustness/dipy/S0_10slices", odd: "a sheared affine" },
];

for (const { image: name, label: labelName, odd, nonFinite = 0, axis } of FILES) {
  const folder = name.split("/")[0];
  Deno.test({
    name: `${name} with ${odd} is preprocessed and comes back (needs ../shared/data/${folder})`,
    ignore: !hasData(folder),
    async fn() {
      const read = (file: string) => readNifti(new URL(`${file}.nii.gz`, DATA).pathname);
      const image = await read(name);
      const label: Volume = labelName ? await read(labelName) : {
        ...image,
        data: Uint8Array.from(image.data, (value) => value > 300 ? 1 : 0),
      };
      const source = { id: name, images: [image], label };
      const own = preprocessCase(source, { normalization: zscore(false) });
      assertEquals(own.replacedValues, nonFinite);
      const back = restoreMask(own.label!.map((value) => Math.max(0, value)), own.geometry);
      assertEquals([...back.data], [...label.data]);
      assertEquals([back.affine, back.spacing], [image.affine, image.spacing]);

      // Three times as fine along the slices: every voxel keeps a centre.
      const spacing = own.spacing.map((size, i) => size / (i === (axis ?? 0) ? 3 : 1)) as Triple;
      for (const order of ORDERS) {
        const finer = preprocessCase(source, { spacing, order, normalization: zscore(false) });
        assert(finer.image.every(Number.isFinite));
        const mask = restoreMask(finer.label!.map((v) => Math.max(0, v)), finer.geometry);
        assertEquals([...mask.data], [...label.data]);
        if (axis === undefined) continue;
        // Nothing is interpolated between slices far apart: each of the new ones is an old one.
        const slice = finer.image.length / finer.shape[0];
        const [first, second] = [0, 1].map((z) => finer.image.subarray(z * slice, (z + 1) * slice));
        assertEquals(second, first);
      }
    },
  });
}
