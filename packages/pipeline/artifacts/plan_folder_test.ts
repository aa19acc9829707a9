import { assertEquals, assertRejects } from "@std/assert";
import type { DatasetFingerprint, Plan } from "@mednext/data";
import { join } from "@std/path";
import { readPlan, writePlanFolder } from "./plan_folder.ts";

const PLAN: Plan = {
  dataset: "Test",
  preset: "auto",
  channelNames: ["CT"],
  transpose: [2, 0, 1],
  spacing: [3, 0.8, 0.8],
  order: "normalize-first",
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
  medianShape: [60.5, 250, 300],
  patchSize: [48, 192, 224],
  batchSize: 2,
  batchDice: false,
  memory: { budgetBytes: 4e9, estimatedBytes: 3e9 },
};
const FINGERPRINT: DatasetFingerprint = {
  spacings: [[0.8, 0.8, 3]],
  shapes_after_crop: [[250, 300, 60]],
  foreground_intensity_properties_per_channel: {},
  median_relative_size_after_cropping: 1,
  case_ids: ["a"],
  shapes: [[250, 300, 60]],
  class_voxels: { 1: [5] },
};

async function withPlan(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "plan_folder_test_" });
  try {
    const content = { plan: PLAN, fingerprint: FINGERPRINT, explanation: "# Plan\n" };
    await writePlanFolder(join(folder, "plan"), content);
    await use(join(folder, "plan"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("readPlan() reads what writePlanFolder() wrote, from the folder or the file", () =>
  withPlan(async (folder) => {
    assertEquals(await readPlan(folder), PLAN);
    assertEquals(await readPlan(join(folder, "plan.json")), PLAN);
    const fingerprint = await Deno.readTextFile(join(folder, "dataset_fingerprint.json"));
    assertEquals(JSON.parse(fingerprint), FINGERPRINT);
  }));

for (
  const { change, problem } of [
    {
      change: { patchSize: [40, 64, 64] },
      problem: "patchSize[0]: must be a multiple of 16: current value is 40",
    },
    {
      change: { patchSize: [16, 16, 16] },
      problem:
        "patchSize: must be 32 along one axis at least, or a single voxel is left at 1/16 of " +
        "the resolution: current value is [16,16,16]",
    },
    {
      change: { transpose: [0, 0, 1] },
      problem: "transpose: must be the axes 0, 1 and 2 in some order: current value is [0,0,1]",
    },
    {
      change: { spacing: [1, 0, 1] },
      problem: "spacing[1]: must be more than 0: current value is 0",
    },
    {
      change: { order: "normalise-first" },
      problem: 'order: must be one of "resample-first", "normalize-first", did you mean ' +
        '"normalize-first": current value is "normalise-first"',
    },
    { change: { batchsize: 3 }, problem: /^batchsize: unknown key "batchsize" \(known keys: .*\)/ },
    { change: { batchSize: undefined }, problem: 'missing key "batchSize"' },
    {
      change: { normalization: [{ scheme: "ct" }] },
      problem: 'normalization[0]: missing key "properties"',
    },
    {
      change: { normalization: [{ scheme: "none" }, { scheme: "none" }] },
      problem: "normalization: must be a list of one item for each of the channels CT: current " +
        "value has 2",
    },
  ]
) {
  Deno.test(`readPlan() refuses a plan with ${Deno.inspect(change)}`, () =>
    withPlan(async (folder) => {
      const path = join(folder, "plan.json");
      await Deno.writeTextFile(path, JSON.stringify({ format: 1, ...PLAN, ...change }));
      const { message } = await assertRejects(() => readPlan(folder), SyntaxError);
      const attempt = `Cannot read a plan from '${path}': `;
      assertEquals(message.slice(0, attempt.length), attempt);
      const text = message.slice(attempt.length);
      if (typeof problem === "string") assertEquals(text, problem);
      else assertEquals(problem.test(text), true, text);
    }));
}
