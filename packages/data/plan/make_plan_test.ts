import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import type { DatasetFingerprint } from "../fingerprint/dataset_fingerprint.ts";
import type { NormalizationScheme } from "../normalize.ts";
import nnunet from "../testdata/plan.json" with { type: "json" };
import type { Triple } from "../volume.ts";
import { makePlan, type MakePlanOptions } from "./make_plan.ts";

const STATISTICS = {
  mean: 40,
  median: 41,
  std: 12,
  min: -90,
  max: 300,
  percentile_99_5: 120,
  percentile_00_5: -30,
};
const SCHEMES: Record<string, NormalizationScheme> = {
  ZScoreNormalization: "zscore",
  CTNormalization: "ct",
  NoNormalization: "none",
  RescaleTo01Normalization: "rescale-to-0-1",
  RGBTo01Normalization: "rgb-to-0-1",
};
const memoryOf = ([d, h, w]: Triple, batch: number) => nnunet.bytes * batch * d * h * w;

function fingerprint(changes: Partial<DatasetFingerprint> = {}): DatasetFingerprint {
  return {
    spacings: [[1, 1, 1]],
    shapes_after_crop: [[100, 100, 100]],
    foreground_intensity_properties_per_channel: { 0: STATISTICS, 1: STATISTICS },
    median_relative_size_after_cropping: 1,
    case_ids: ["a"],
    shapes: [[100, 100, 100]],
    class_voxels: {},
    ...changes,
  };
}

const OPTIONS: MakePlanOptions = {
  dataset: "Test",
  channelNames: ["MRI"],
  budgetBytes: 2e9,
  memoryOf,
};

for (const expected of nnunet.cases) {
  Deno.test(`makePlan() agrees with nnU-Net's planner on ${expected.name}`, () => {
    const { plan } = makePlan(
      fingerprint(expected.fingerprint as Partial<DatasetFingerprint>),
      {
        ...OPTIONS,
        channelNames: expected.channelNames,
        budgetBytes: expected.budgetBytes,
      },
    );
    assertEquals(plan.transpose, expected.transpose as Triple);
    // Sums in another order: some units in the last place of numbers up to 10.
    plan.spacing.forEach((value, axis) => assertAlmostEquals(value, expected.spacing[axis], 1e-12));
    assertEquals(plan.medianShape, expected.medianShape as Triple);
    assertEquals(
      plan.normalization.map(({ scheme, insideMask = false }) => ({ scheme, insideMask })),
      expected.normalization.map((name, i) => ({
        scheme: SCHEMES[name],
        insideMask: expected.insideMask[i],
      })),
    );
    if (expected.patchSize === undefined) return;
    const patchSize = expected.patchSize as Triple;
    assertEquals(plan.patchSize, patchSize);
    assertEquals(plan.batchDice, expected.batchDice);
    // nnU-Net rounds what fits to the nearest number, which may be one too many.
    const batchSize = expected.batchSize!;
    const over = memoryOf(patchSize, batchSize) > expected.budgetBytes;
    assertEquals(plan.batchSize, batchSize - (over ? 1 : 0));
  });
}

Deno.test("makePlan() gives the paper's plan, whatever the data and the memory", () => {
  const { plan, reasons } = makePlan(
    fingerprint({ spacings: [[3, 0.7, 0.7]], shapes_after_crop: [[100, 512, 512]] }),
    { ...OPTIONS, preset: "paper", channelNames: ["CT"], overrides: { patchSize: undefined } },
  );
  assertEquals(plan, {
    dataset: "Test",
    preset: "paper",
    channelNames: ["CT"],
    transpose: [0, 1, 2],
    spacing: [1, 1, 1],
    order: "resample-first",
    normalization: [{
      scheme: "ct",
      properties: {
        mean: 40,
        median: 41,
        standardDeviation: 12,
        minimum: -90,
        maximum: 300,
        percentile005: -30,
        percentile995: 120,
      },
    }],
    medianShape: [300, 358, 358],
    patchSize: [128, 128, 128],
    batchSize: 2,
    batchDice: true,
    memory: { budgetBytes: 2e9, estimatedBytes: 2 * 1000 * 128 ** 3 },
  });
  assertEquals(reasons.patchSize, "the paper's");
});

Deno.test("makePlan() keeps what is given and chooses the rest to fit", () => {
  const overrides = {
    spacing: [1, 2, 1] as Triple,
    transpose: [1, 2, 0] as Triple,
    order: "resample-first" as const,
    normalization: ["none" as const],
    batchDice: true,
    batchSize: 4,
  };
  const { plan, reasons } = makePlan(fingerprint(), { ...OPTIONS, overrides });
  assertEquals(plan.spacing, [2, 1, 1]);
  assertEquals(plan.medianShape, [50, 100, 100]);
  assertEquals([plan.order, plan.batchDice, plan.batchSize], ["resample-first", true, 4]);
  assertEquals(plan.normalization, [{ scheme: "none" }]);
  // 64 x 112 x 112 x 4 would be 3.2e9 bytes.
  assertEquals(plan.patchSize, [48, 96, 96]);
  assert(plan.memory.estimatedBytes <= 2e9);
  assertEquals(reasons.spacing, "given as a parameter");
});

Deno.test("makePlan() explains each choice with its numbers", () => {
  const { reasons } = makePlan(
    fingerprint({
      spacings: [[10, 1.5, 1.5], [5, 1.5, 1.5], [10, 1.5, 1.5]],
      shapes_after_crop: [[9, 200, 220], [18, 200, 220], [9, 200, 220]],
      median_relative_size_after_cropping: 0.5,
    }),
    OPTIONS,
  );
  assertEquals(reasons, {
    spacing:
      "the median of 3 cases along D, H, W is 10 x 1.5 x 1.5 mm, but D is more than 3 times " +
      "coarser than the others and has less than a third of their voxels, so that the 10th " +
      "percentile of its spacings, 6 mm, is taken instead",
    transpose: "no axis is coarser than D, which has 6 mm and comes first anyway",
    order: "nnU-Net v2's: intensities are normalised before they are interpolated",
    normalization:
      "nnU-Net's for channels of these names: zscore for MRI; cropping to what is not " +
      "0 leaves 50 % of the median image, less than 75 %, so that zscore looks inside the mask alone",
    patchSize: "the proportions of 6 x 1.5 x 1.5 mm, cut down to the median shape 15 x 200 x 220 " +
      "and rounded up to multiples of 16, give 16 x 208 x 224; 2 of them fit into the memory " +
      "(1.39 GiB of 1.86 GiB)",
    batchSize:
      "nnU-Net's least; 2 hold 75.3 % of the data set's voxels and take 1.39 GiB of 1.86 GiB",
    batchDice:
      "a patch holds 113 % of the median image's voxels, more than an eighth: each patch " +
      "has a Dice of its own",
  });
});

Deno.test("makePlan() refuses a data set without cases, and channels that lack something", () => {
  const message = (changes: Partial<DatasetFingerprint>, options: Partial<MakePlanOptions>) =>
    assertThrows(() => makePlan(fingerprint(changes), { ...OPTIONS, ...options }), RangeError)
      .message;
  assertEquals(
    message({ spacings: [], shapes_after_crop: [] }, {}),
    "Cannot choose a spacing: expected at least one case, found none",
  );
  assertEquals(
    message({ foreground_intensity_properties_per_channel: {} }, { channelNames: ["CT"] }),
    "Cannot plan the normalisation of channel 0 (CT): expected intensities of a case " +
      "with a label above 0, found none",
  );
  assertEquals(
    message({}, { overrides: { normalization: ["ct", "zscore"] } }),
    "Cannot plan the normalisation: expected a scheme for each of the channels MRI, found ct, zscore",
  );
});
