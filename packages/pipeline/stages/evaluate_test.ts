import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { type Volume, writeNifti, writeSplits } from "@mednext/data";
import { join } from "@std/path";
import { writeMasksManifest } from "../artifacts/masks_folder.ts";
import { stageConformance } from "../stage_conformance.ts";
import { COMPUTE, evaluateParams, makeCase, runStage, withDataset } from "../testdata/dataset.ts";
import evaluate from "./evaluate.ts";

/** Writes masks into a folder with their manifest. */
async function writeMasks(folder: string, masks: Record<string, Volume>): Promise<string> {
  await Deno.mkdir(folder, { recursive: true });
  for (const [id, mask] of Object.entries(masks)) {
    await writeNifti(join(folder, `${id}.nii.gz`), mask, { dtype: "label" });
  }
  await writeMasksManifest(folder, Object.keys(masks));
  return folder;
}

/** The label of a case with other values where `change` says so. */
function changed(index: number, change: (value: number, voxel: number) => number): Volume {
  const { label } = makeCase(index);
  return { ...label, data: Uint8Array.from(label.data, change) };
}

async function refusal(
  folder: string,
  inputs: Record<string, string | string[]>,
  params: object = {},
): Promise<string> {
  const run = () =>
    runStage(evaluate, { folder, params: { ...evaluateParams, ...params }, inputs });
  return (await assertRejects(run, Error)).message;
}

Deno.test("evaluate gives 1 to the labels themselves and two thirds to a mask of half a ball", () =>
  withDataset(async (folder, dataset) => {
    // Half of a ball against the ball: 2 * 1/2 / (1/2 + 1) = 2/3.
    const ball = [...makeCase(1).label.data.keys()].filter((i) => makeCase(1).label.data[i] > 0);
    const gone = new Set(ball.slice(0, ball.length / 2));
    const masks = await writeMasks(join(folder, "masks"), {
      case_0: makeCase(0).label,
      case_1: changed(1, (value, voxel) => gone.has(voxel) ? 0 : value),
    });
    const { report } = await runStage(evaluate, {
      folder,
      params: evaluateParams,
      inputs: { dataset, masks: [masks] },
    });
    const { cases, labels } = JSON.parse(await Deno.readTextFile(join(report, "summary.json")));
    const dices = cases.map((entry: { labels: { name: string; metrics: { value: number }[] }[] }) =>
      entry.labels.find(({ name }) => name === "ball")!.metrics[0].value
    );
    assertEquals(dices[0], 1);
    assertAlmostEquals(dices[1], 2 / 3, 0.01);
    const { interval } = labels[1].metrics[0];
    assertEquals([interval.low, interval.high], [dices[1], 1]); // of two cases, any is drawn twice
    const nnunet = await Deno.readTextFile(join(report, "nnunet_summary.json"));
    const { metric_per_case } = JSON.parse(nnunet.replaceAll(": NaN", ": null"));
    assertEquals(metric_per_case[1].metrics["2"].Dice, dices[1]);
    assertEquals(metric_per_case[1].reference_file, "labelsTr/case_1.nii.gz");
  }));

Deno.test("evaluate evaluates regions and leaves out what is to be ignored", () =>
  withDataset(async (folder, dataset) => {
    const path = join(dataset, "dataset.json");
    const description = JSON.parse(await Deno.readTextFile(path));
    const labels = { background: 0, whole: [1, 2], core: 2, ignore: 3 };
    await Deno.writeTextFile(
      path,
      JSON.stringify({ ...description, labels, regions_class_order: [1, 2] }),
    );
    // The first ten slices of the reference are not annotated; the mask is wrong there, and has the
    // whole ball as 1 elsewhere.
    const slice = 24 * 22;
    const truth = changed(0, (value, voxel) => voxel < 10 * slice ? 3 : value);
    await writeNifti(join(dataset, "labelsTr", "case_0.nii.gz"), truth, { dtype: "label" });
    const masks = await writeMasks(join(folder, "masks"), {
      case_0: changed(0, (value, voxel) => voxel < 10 * slice || value > 0 ? 1 : 0),
    });
    const { report } = await runStage(evaluate, {
      folder,
      params: evaluateParams,
      inputs: { dataset, masks: [masks] },
    });
    const nnunet = JSON.parse(await Deno.readTextFile(join(report, "nnunet_summary.json")));
    const { "(1, 2)": whole, "2": core } = nnunet.mean;
    const count = truth.data.filter((value) => value === 2).length;
    assertEquals([whole.Dice, whole.TP, whole.n_ref, whole.n_pred], [1, count, count, count]);
    assertEquals(whole.TN, 10 * slice - count);
    assertEquals([core.Dice, core.FN, core.n_pred], [0, count, 0]);
  }));

Deno.test("evaluate takes a missing prediction for an error that names the case", () =>
  withDataset(async (folder, dataset) => {
    const splits = join(folder, "splits.json");
    await writeSplits(splits, [
      { train: ["case_2", "case_3", "case_4"], val: ["case_0", "case_1"] },
      { train: ["case_0", "case_1", "case_4"], val: ["case_2", "case_3"] },
    ]);
    const one = await writeMasks(join(folder, "one"), { case_0: makeCase(0).label });
    const two = await writeMasks(join(folder, "two"), { case_1: makeCase(1).label });
    assertEquals(
      await refusal(folder, { dataset, masks: [one], splits }),
      `Cannot evaluate masks: expected one for each validation case of all folds in '${splits}', ` +
        `found none for case_1, case_2, case_3`,
    );
    assertEquals(
      await refusal(folder, { dataset, masks: [one], splits }, { folds: [0] }),
      `Cannot evaluate masks: expected one for each validation case of fold 0 in '${splits}', ` +
        `found none for case_1`,
    );
    assertEquals(
      await refusal(folder, { dataset, masks: [one, two], splits }, { folds: [7] }),
      `Cannot evaluate masks of fold 7: '${splits}' has 2 folds`,
    );
    await runStage(evaluate, {
      folder,
      params: { ...evaluateParams, folds: [0] },
      inputs: { dataset, masks: [one, two], splits },
    });
    const three = await writeMasks(join(folder, "three"), { case_4: makeCase(4).label });
    assertEquals(
      await refusal(folder, { dataset, masks: [one, two, three], splits }, { folds: [0] }),
      `Cannot evaluate masks: expected validation cases of fold 0 in '${splits}' only, found case_4`,
    );
  }));

Deno.test("evaluate refuses a case twice, no case, a promised mask that is missing, a case without a label", () =>
  withDataset(async (folder, dataset) => {
    const masks = await writeMasks(join(folder, "masks"), { case_0: makeCase(0).label });
    const again = await writeMasks(join(folder, "again"), { case_0: makeCase(0).label });
    const none = await writeMasks(join(folder, "none"), {});
    const [path, other] = [masks, again].map((name) => join(name, "case_0.nii.gz"));
    assertEquals(
      await refusal(folder, { dataset, masks: [masks, again] }),
      `Cannot evaluate case case_0: expected one mask, found '${path}' and '${other}'`,
    );
    assertEquals(
      await refusal(folder, { dataset, masks: [none] }),
      `Cannot evaluate masks: there are none in ${none}`,
    );
    await Deno.remove(other);
    assertEquals(
      (await refusal(folder, { dataset, masks: [again] })).split(":")[0],
      `Cannot read '${other}'`,
    );
    await writeMasksManifest(masks, ["case_5"]);
    assertEquals(
      await refusal(folder, { dataset, masks: [masks] }),
      "Cannot evaluate case case_5: the data set dataset has no label for it",
    );
  }));

Deno.test("evaluate refuses a mask on another grid than its label, and values that the data set does not know", () =>
  withDataset(async (folder, dataset) => {
    const masks = await writeMasks(join(folder, "masks"), { case_0: makeCase(1).label });
    assertEquals(
      (await refusal(folder, { dataset, masks: [masks] })).split(" found ")[0],
      "Cannot evaluate case case_0: expected mask and label on one grid,",
    );
    await writeMasks(masks, { case_0: changed(0, (value, voxel) => voxel < 20 ? voxel : value) });
    const path = join(masks, "case_0.nii.gz");
    assertEquals(
      await refusal(folder, { dataset, masks: [masks] }),
      `Cannot evaluate '${path}': expected the data set's labels 0, 1, 2, found 3, 4, 5, 6, 7, 8, ` +
        `9, 10, 11, 12, and 7 more`,
    );
  }));

Deno.test("evaluate keeps its contract: same bytes again", () =>
  withDataset(async (folder, dataset) => {
    const masks = await writeMasks(join(folder, "masks"), {
      case_0: makeCase(0).label,
      case_1: makeCase(1).label,
    });
    await stageConformance(evaluate, {
      in: { dataset, masks: [masks] },
      params: { metrics: ["dice"] },
      compute: COMPUTE,
    });
  }));
