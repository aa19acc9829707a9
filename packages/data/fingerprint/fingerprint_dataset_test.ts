import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { readVolume } from "../read_volume.ts";
import nnunet from "../testdata/fingerprint.json" with { type: "json" };
import type { Triple, Volume } from "../volume.ts";
import type { IntensityStatistics } from "./dataset_fingerprint.ts";
import { fingerprintCase, type LabelledCase } from "./fingerprint_case.ts";
import { fingerprintDataset } from "./fingerprint_dataset.ts";

const data = new URL("../../../../shared/data/", import.meta.url);
const exists = await Deno.stat(data).then(() => true, () => false);

/** Channel by channel; x runs to the left, and zeros lie around. */
function makeCase(id: string, label: number[], channels: number[][]): LabelledCase {
  const place = {
    shape: [1, 1, label.length] as Triple,
    channels: 1,
    spacing: [3, 1, 2] as Triple,
    affine: [-2, 0, 0, 9, 0, 1, 0, 0, 0, 0, 3, 0, 0, 0, 0, 1],
  };
  const images: Volume[] = channels.map((values) => ({
    data: Float32Array.from(values),
    ...place,
  }));
  return { id, images, label: { data: Uint16Array.from(label), ...place } };
}

Deno.test("fingerprintDataset() describes cases of several channels, with labels of any value", () => {
  const cases = [
    makeCase("a", [0, 65535, 7, 0], [[0, 5, 5, 0], [0, -1, NaN, 0]]),
    makeCase("b", [0, 7, 7, 0], [[2, 5, 5, 1], [0, 0, 0, 0]]),
    makeCase("c", [0, 0, 9, 0], [[0, 1, 5, 0], [0, 0, 0, 0]]),
  ];
  const options = { labels: [0, 7, 65535], ignoreLabel: 9, samples: 100 };
  const fingerprint = fingerprintDataset(cases.map((each) => fingerprintCase(each, options)));
  const { foreground_intensity_properties_per_channel: intensities, ...rest } = fingerprint;
  assertEquals(rest, {
    spacings: [[3, 1, 2], [3, 1, 2], [3, 1, 2]],
    shapes_after_crop: [[1, 1, 2], [1, 1, 4], [1, 1, 2]],
    median_relative_size_after_cropping: 0.5,
    case_ids: ["a", "b", "c"],
    shapes: [[1, 1, 4], [1, 1, 4], [1, 1, 4]],
    class_voxels: { 7: [1, 2, 0], 65535: [1, 0, 0] },
  });
  // Every voxel of the foreground is 5, what is to be ignored included.
  assertEquals(intensities[0], {
    mean: 5,
    median: 5,
    std: 0,
    min: 5,
    max: 5,
    percentile_99_5: 5,
    percentile_00_5: 5,
  });
  assertEquals([intensities[1].min, intensities[1].max], [-1, 0]);
});

Deno.test("fingerprintDataset() describes cases without foreground, but for its intensities", () => {
  const only = makeCase("a", [0, 0, 0], [[0, 1, 1]]);
  const fingerprint = fingerprintDataset([fingerprintCase(only, { labels: [0, 1] })]);
  assertEquals(fingerprint.foreground_intensity_properties_per_channel, {});
  assertEquals(fingerprint.class_voxels, { 1: [0] });
  assertEquals(fingerprint.median_relative_size_after_cropping, 2 / 3);
});

Deno.test("fingerprintDataset() refuses no cases, and fingerprintCase() unknown labels", () => {
  assertEquals(
    assertThrows(() => fingerprintDataset([]), RangeError).message,
    "Cannot describe a data set: expected at least one case, found none",
  );
  const odd = makeCase("a", [0, 2], [[1, 1]]);
  assertEquals(
    assertThrows(() => fingerprintCase(odd, { labels: [0, 1] }), RangeError).message,
    "Cannot preprocess case a: expected every label to be one of 0, 1, found 2",
  );
});

for (const [name, expected] of Object.entries(nnunet)) {
  Deno.test({
    name: `fingerprintDataset() agrees with nnU-Net on ${name} (needs ../shared/data)`,
    ignore: !exists,
    async fn() {
      const read = (file: string) => readVolume(new URL(file, data).pathname);
      const labels = [0, ...Object.keys(expected.class_voxels).map(Number)];
      const cases = [];
      for (const [image, label] of expected.files) {
        const source = { id: image, images: [await read(image)], label: await read(label) };
        cases.push(fingerprintCase(source, { labels, samples: 3_000_000 }));
      }
      const found = fingerprintDataset(cases);
      // nibabel computes spacings in another order.
      found.spacings.flat().forEach((value, i) =>
        assertAlmostEquals(value, expected.spacings.flat()[i], 1e-6)
      );
      assertEquals(found.shapes_after_crop, expected.shapes_after_crop as Triple[]);
      assertEquals(found.class_voxels, expected.class_voxels as Record<string, number[]>);
      assertAlmostEquals(
        found.median_relative_size_after_cropping,
        expected.median_relative_size_after_cropping,
        1e-12,
      );
      const intensities = found.foreground_intensity_properties_per_channel[0];
      for (const [key, value] of Object.entries(expected.intensities)) {
        // Both are millions of samples of the same voxels, so that means agree to a thousandth of the deviation. Only
        // 50 of the 10,000 voxels of the small set are above the upper percentile, with gaps between them.
        const difference = Math.abs(intensities[key as keyof IntensityStatistics] - value);
        const tolerance = key.startsWith("percentile") ? 0.05 : 0.002;
        assert(difference <= tolerance * expected.intensities.std, `${key}: ${difference}`);
      }
    },
  });
}
