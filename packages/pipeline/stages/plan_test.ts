import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { tf } from "@mednext/kernels";
import { join } from "@std/path";
import { readPlan } from "../artifacts/plan_folder.ts";
import { stageConformance } from "../stage_conformance.ts";
import {
  COMPUTE,
  eraseLabels,
  planParams,
  runStage,
  SHAPE,
  withDataset,
} from "../testdata/dataset.ts";
import plan from "./plan.ts";

/** Runs the stage; its folder's files as text, and what it logged. */
async function runPlan(
  { folder, dataset, params = planParams }: {
    folder: string;
    dataset: string;
    params?: typeof planParams;
  },
) {
  const lines: string[] = [];
  const out = await runStage(plan, {
    folder,
    params,
    inputs: { dataset },
    log: (line) => lines.push(line),
  });
  const read = (file: string) => Deno.readTextFile(join(out.plan, file));
  return {
    lines,
    plan: await readPlan(out.plan),
    explanation: await read("plan.md"),
    fingerprint: JSON.parse(await read("dataset_fingerprint.json")),
  };
}

Deno.test("plan chooses from the data and the memory, and says why", () =>
  withDataset(async (folder, dataset) => {
    const { plan, explanation, fingerprint, lines } = await runPlan({ folder, dataset });
    const { memory, ...choices } = plan;
    assertEquals(choices, {
      dataset: "dataset",
      preset: "auto",
      channelNames: ["MR"],
      transpose: [0, 1, 2],
      spacing: [1, 1, 1],
      order: "normalize-first",
      normalization: [{ scheme: "zscore", insideMask: false }],
      medianShape: SHAPE,
      patchSize: [32, 32, 32],
      batchSize: 2,
      batchDice: false,
    });
    assertEquals(memory.budgetBytes, 2 ** 30);
    assertEquals(fingerprint.case_ids, ["case_0", "case_1", "case_2", "case_3", "case_4"]);
    assertEquals(fingerprint.class_voxels[1], [0, 0, 0, 0, 0]);
    for (
      const text of [
        "- **patchSize**: 32 x 32 x 32 voxels. Why: the proportions of 1 x 1 x 1 mm, cut down to " +
        "the median shape 20 x 24 x 22 and rounded up to multiples of 16, give 32 x 32 x 32",
        "| other | 1 | 0 of 5 |  |",
        "| `batchDice` | Whether Dice is taken over the whole batch instead of each patch |",
      ]
    ) {
      assert(explanation.includes(text), explanation);
    }
    assertEquals(lines.slice(0, 2), [
      "2 patches of 32 x 32 x 32 voxels at 1 x 1 x 1 mm; plan.md says why",
      "a training step on 2 patches of 32 x 32 x 32 voxels, estimated for the wasm backend:",
    ]);
    assertEquals(lines.slice(2).map((line) => line.replace(/: .*/, "")), [
      "  S with kernel 3",
      "  S with kernel 5",
      "  B with kernel 3",
      "  B with kernel 5",
      "  M with kernel 3",
      "  M with kernel 5",
      "  L with kernel 3",
      "  L with kernel 5",
    ]);
  }));

Deno.test("plan logs seconds that it has measured, and keeps them out of its result", () =>
  withDataset(async (folder, dataset) => {
    const { lines, ...still } = await runPlan({ folder, dataset });
    const tensors = tf.memory().numTensors;
    const params = { ...planParams, measureSpeed: true };
    const { lines: measured, ...same } = await runPlan({ folder, dataset, params });
    assertEquals(same, still);
    assertEquals(tf.memory().numTensors, tensors);
    assertEquals(measured.map((line) => line.replace(/, about [\d.e-]+ s$/, "")), lines);
    assertEquals(measured.filter((line) => /, about [\d.e-]+ s$/.test(line)).length, 8);
  }));

Deno.test("plan keeps what is given, and warns of what does not fit", () =>
  withDataset(async (folder, dataset) => {
    const params = {
      ...planParams,
      preset: "paper" as const,
      spacing: [2, 1, 1] as [number, number, number],
      memoryBudget: 0.125,
    };
    const { plan, lines } = await runPlan({ folder, dataset, params });
    assertEquals(plan.spacing, [2, 1, 1]);
    assertEquals([plan.patchSize, plan.batchSize], [[128, 128, 128], 2]);
    assertEquals(
      lines[1].replace(/needs [\d.]+ GiB/, "needs … GiB"),
      "warning: MedNeXt S with kernel 3 and 2 channels needs … GiB for that, the budget is 0.13 GiB",
    );
    assert(lines[3].includes("GiB (does not fit)"));
  }));

Deno.test("plan plans for cases without foreground, with a warning", () =>
  withDataset(async (folder, dataset) => {
    await eraseLabels(dataset);
    const { plan, lines, fingerprint } = await runPlan({ folder, dataset });
    assertEquals(lines[0], "warning: no case holds any label but the background");
    assertEquals(fingerprint.foreground_intensity_properties_per_channel, {});
    assertEquals(plan.normalization, [{ scheme: "zscore", insideMask: false }]);
  }));

Deno.test("plan keeps the contract of a stage", () =>
  withDataset((_, dataset) =>
    stageConformance(plan, {
      in: { dataset },
      compute: COMPUTE,
      params: { model: { baseChannels: 2 }, measureSpeed: false },
    })
  ));

Deno.test("plan names every case that cannot be used, when it has seen all of them", () =>
  withDataset(async (folder, dataset) => {
    const bad = ["imagesTr/case_1_0000.nii.gz", "labelsTr/case_3.nii.gz"];
    for (const file of bad) await Deno.writeTextFile(join(dataset, file), "no NIfTI");
    const { message } = await assertRejects(() => runPlan({ folder, dataset }), Error);
    const [first, ...rest] = message.split("\n");
    assertEquals(
      first,
      "Cannot plan for the data set dataset: expected 5 cases that can be used, 2 cannot:",
    );
    assertEquals(rest.map((line) => line.slice(0, 10)), ["  case_1: ", "  case_3: "]);
    bad.forEach((file, i) => assert(rest[i].includes(join(dataset, file)), rest[i]));
  }));

Deno.test("plan refuses a data set without labels, and a patch that no network takes", () =>
  withDataset(async (folder, dataset) => {
    await Deno.remove(join(dataset, "imagesTr"), { recursive: true });
    await Deno.remove(join(dataset, "labelsTr"), { recursive: true });
    const path = join(dataset, "dataset.json");
    const description = JSON.parse(await Deno.readTextFile(path));
    await Deno.writeTextFile(path, JSON.stringify({ ...description, numTraining: 0 }));
    assertEquals(
      (await assertRejects(() => runPlan({ folder, dataset }), RangeError)).message,
      "Cannot plan for the data set dataset: expected cases with labels, found none",
    );
    assertEquals(
      assertThrows(
        () => plan.check!({ ...planParams, patchSize: [16, 16, 16] }, new Map([["dataset", 1]])),
        RangeError,
      ).message,
      "Cannot run the network on an input of [1, 16, 16, 16, 1] (N, D, H, W, C): expected more than " +
        "one voxel at 1/16 of the resolution, found one, as D is 16, H is 16, W is 16 (nearest: 32 " +
        "along any axis)",
    );
  }));
