import { assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { readNifti, type Triple, writeNifti } from "@mednext/data";
import { join } from "@std/path";
import { writeMasksManifest } from "../artifacts/masks_folder.ts";
import { readPostprocessing } from "../artifacts/postprocessing_folder.ts";
import { stageConformance } from "../stage_conformance.ts";
import { COMPUTE, runStage } from "../testdata/dataset.ts";
import expected from "../testdata/postprocessing.json" with { type: "json" };
import postprocess from "./postprocess.ts";

type Scenario = typeof expected[number];

const SHAPE: Triple = [4, 6, 7];
const AFFINE = [-1, 0, 0, 3, 0, 1, 0, -2, 0, 0, 2.5, 7, 0, 0, 0, 1];

function volume(text: string) {
  const data = Uint8Array.from(text, Number);
  return { data, shape: SHAPE, channels: 1, spacing: [2.5, 1, 1] as Triple, affine: AFFINE };
}

/** A data set whose labels, and masks of two folds that are a scenario's. */
async function withScenario(
  { labels, ignore, cases }: Scenario,
  use: (folder: string, inputs: { dataset: string; masks: string[] }) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "postprocess_test_" });
  try {
    const dataset = join(folder, "dataset"), masks = [join(folder, "0"), join(folder, "1")];
    for (const part of ["imagesTr", "labelsTr"]) {
      await Deno.mkdir(join(dataset, part), { recursive: true });
    }
    for (const path of masks) await Deno.mkdir(path);
    const named: Record<string, unknown> = { background: 0 };
    labels.forEach((values, i) => named[`name ${i}`] = values.length === 1 ? values[0] : values);
    if (ignore !== null) named.ignore = ignore;
    await Deno.writeTextFile(
      join(dataset, "dataset.json"),
      JSON.stringify({
        channel_names: { 0: "MR" },
        labels: named,
        ...(labels.some(({ length }) => length > 1) ? { regions_class_order: [1, 2, 3] } : {}),
        numTraining: cases.length,
        file_ending: ".nii.gz",
      }),
    );
    for (const [i, [reference, prediction]] of cases.entries()) {
      const id = `case_${i}`;
      await writeNifti(join(dataset, "imagesTr", `${id}_0000.nii.gz`), volume(reference));
      const truth = volume(reference);
      await writeNifti(join(dataset, "labelsTr", `${id}.nii.gz`), truth, { dtype: "label" });
      const path = join(masks[i % 2], `${id}.nii.gz`);
      await writeNifti(path, volume(prediction), { dtype: "label" });
    }
    await writeMasksManifest(masks[0], ["case_0", "case_2"]);
    await writeMasksManifest(masks[1], ["case_1", "case_3"]);
    await use(folder, { dataset, masks });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

for (const scenario of expected) {
  Deno.test(`postprocess decides as nnU-Net: ${scenario.name}`, () =>
    withScenario(scenario, async (folder, inputs) => {
      const out = await runStage(postprocess, { folder, params: {}, inputs });
      const path = join(out.postprocessing, "postprocessing.json");
      const { labels, trials } = JSON.parse(await Deno.readTextFile(path));
      const { steps } = await readPostprocessing(out.postprocessing, { labels });
      assertEquals(steps.map(({ values }) => values), scenario.steps);
      const last = trials.findLast(({ kept }: { kept: boolean }) => kept);
      const [before, after] = [trials[0].before, last?.after ?? trials[0].before];
      for (const [found, truth] of [[before, scenario.before], [after, scenario.after]]) {
        assertAlmostEquals(found.foreground, truth.foreground, 1e-14);
        truth.labels.forEach((dice: number, i: number) =>
          assertAlmostEquals(found.labels[`name ${i}`], dice, 1e-14)
        );
      }
      for (const [i, [, , cleaned]] of scenario.cases.entries()) {
        const mask = await readNifti(join(out.masks, `case_${i}.nii.gz`));
        assertEquals([...mask.data].join(""), cleaned);
        assertEquals(mask.affine, AFFINE);
      }
    }));
}

Deno.test("postprocess says what it tried as a table", () =>
  withScenario(expected[7], async (folder, inputs) => {
    const { postprocessing } = await runStage(postprocess, { folder, params: {}, inputs });
    assertEquals(
      await Deno.readTextFile(join(postprocessing, "postprocessing.md")),
      `Mean Dice of 4 cases when only the largest component is kept, step by step:

| largest component of | kept | name 0 | name 1 | mean   |
| -------------------- | ---- | ------ | ------ | ------ |
| (nothing removed)    |      | 0.8571 | 1.0000 | 0.9286 |
| all foreground       | no   | 1.0000 | 0.9600 | 0.9800 |
| name 0               | yes  | 1.0000 | 1.0000 | 1.0000 |
| name 1               | no   | 1.0000 | 0.9600 | 0.9800 |

It helps for: name 0.
`,
    );
  }));

Deno.test("postprocess learns on the folds that it is told to, and refuses masks that are not whole", () =>
  withScenario(expected[0], async (folder, inputs) => {
    const splits = join(folder, "splits.json");
    const fold = (val: string[]) => ({ train: ["other"], val });
    const folds = [fold(["case_0", "case_2"]), fold(["case_1", "case_3"])];
    await Deno.writeTextFile(splits, JSON.stringify(folds));
    const first = { ...inputs, masks: inputs.masks.slice(0, 1), splits };
    const { masks } = await runStage(postprocess, {
      folder,
      params: { folds: [0] },
      inputs: first,
    });
    const files = [...Deno.readDirSync(masks)].map(({ name }) => name).toSorted();
    assertEquals(files, ["case_0.nii.gz", "case_2.nii.gz", "masks.json"]);
    const run = () => runStage(postprocess, { folder, params: {}, inputs: first });
    assertEquals(
      (await assertRejects(run, RangeError)).message,
      `Cannot evaluate masks: expected one for each validation case of all folds in '${splits}', ` +
        `found none for case_1, case_3`,
    );
    assertEquals(
      assertThrows(() => postprocess.check!({ folds: [0, 2] }, new Map([["masks", 1]])), RangeError)
        .message,
      "Cannot choose the folds 0, 2 as the input 'splits' is not given",
    );
  }));

Deno.test("postprocess keeps its contract: same bytes again", () =>
  withScenario(expected[0], async (_, { dataset, masks }) => {
    await stageConformance(postprocess, { in: { dataset, masks }, compute: COMPUTE });
  }));
