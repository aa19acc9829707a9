import { assertEquals, assertRejects } from "@std/assert";
import { preprocessCase, readNifti, type Triple, writeNifti } from "@mednext/data";
import { join } from "@std/path";
import { writeMasksManifest } from "../artifacts/masks_folder.ts";
import { writePostprocessing } from "../artifacts/postprocessing_folder.ts";
import { probabilitiesPath } from "../artifacts/probabilities_format.ts";
import { createProbabilitiesWriter } from "../artifacts/probabilities_writer.ts";
import { stageConformance } from "../stage_conformance.ts";
import { COMPUTE, runStage } from "../testdata/dataset.ts";
import ensemble from "./ensemble.ts";

const LABELS = { background: 0, organ: 3 };
const REGIONS = { background: 0, whole: [1, 2], core: 2 };

/** Six voxels in a file that stores them from right to left, with an empty one around. */
function image(empty = 0) {
  const data = new Float32Array(8).fill(1);
  data[0] = data[7] = empty;
  return {
    data,
    shape: [1, 1, 8] as Triple,
    channels: 1,
    spacing: [1, 1, 1] as Triple,
    affine: [-1, 0, 0, 7, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
  };
}

/** Writes the probabilities that a model gives to a case: for each class one number for each voxel. */
async function writeMember(
  folder: string,
  classes: Record<string, number[]>,
  { activation = "softmax" as "softmax" | "sigmoid", id = "case_0", empty = 0 } = {},
): Promise<string> {
  await Deno.mkdir(folder, { recursive: true });
  const plan = { normalization: [{ scheme: "none" as const }] };
  const { geometry } = preprocessCase({ id, images: [image(empty)] }, plan);
  const names = { classes: Object.keys(classes), activation };
  const writer = await createProbabilitiesWriter(probabilitiesPath(folder, id), geometry, names);
  const lists = Object.values(classes);
  // Rows come in the order of the network, which is that of space: the file's is the other way round.
  const voxels = lists[0].map((_, voxel) => lists.map((list) => list[voxel])).toReversed();
  await writer.write({ index: 0, scores: Float32Array.from(voxels.flat()) });
  await writer.finish();
  await writeMasksManifest(folder, [id]);
  return folder;
}

async function inFolder(
  labels: object,
  use: (folder: string, dataset: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "ensemble_test_" });
  try {
    const dataset = join(folder, "dataset");
    for (const part of ["imagesTr", "labelsTr"]) {
      await Deno.mkdir(join(dataset, part), { recursive: true });
    }
    await writeNifti(join(dataset, "imagesTr", "case_0_0000.nii.gz"), image());
    await writeNifti(join(dataset, "labelsTr", "case_0.nii.gz"), image(), { dtype: "label" });
    const rest = { channel_names: { 0: "MR" }, numTraining: 1, file_ending: ".nii.gz" };
    const description = { labels, regions_class_order: [1, 2], ...rest };
    await Deno.writeTextFile(join(dataset, "dataset.json"), JSON.stringify(description));
    await use(folder, dataset);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function average(
  folder: string,
  inputs: Record<string, string | string[]>,
  aggregate: "softmax" | "logits" = "softmax",
) {
  const { masks } = await runStage(ensemble, { folder, params: { aggregate }, inputs });
  return await readNifti(join(masks, "case_0.nii.gz"));
}

/** Probabilities of an organ, and of what is not. */
const organ = (p: number[]) => ({ background: p.map((value) => 1 - value), organ: p });

Deno.test("ensemble averages probabilities, or logits, and gives masks in the image's own grid", () =>
  inFolder(LABELS, async (folder, dataset) => {
    // Of the voxels with 0.001, 0.8 and 0.8 the mean is 0.534, that of the logits (-6.9 + 1.4 + 1.4) / 3.
    const masks = [
      await writeMember(join(folder, "a"), organ([0.001, 0.75, 0.25, 0, 1, 0.5])),
      await writeMember(join(folder, "b"), organ([0.8, 0.75, 0.25, 0, 1, 0.5])),
      await writeMember(join(folder, "c"), organ([0.8, 0.125, 0.75, 0, 1, 0.75])),
    ];
    const softmax = await average(folder, { dataset, masks });
    assertEquals(softmax.data, Uint8Array.of(0, 3, 3, 0, 0, 3, 3, 0));
    assertEquals(softmax.affine, image().affine);
    const logits = await average(folder, { dataset, masks }, "logits");
    assertEquals(logits.data, Uint8Array.of(0, 0, 3, 0, 0, 3, 3, 0));
  }));

Deno.test("ensemble paints regions where their mean is above one half, later ones over earlier ones", () =>
  inFolder(REGIONS, async (folder, dataset) => {
    const options = { activation: "sigmoid" as const };
    const masks = [
      await writeMember(join(folder, "a"), {
        whole: [0.9, 0.75, 0.5, 0.001, 0, 1],
        core: [0.25, 0.75, 0.5, 0.5, 1, 1],
      }, options),
      await writeMember(join(folder, "b"), {
        whole: [0.25, 0.5, 0.5, 1, 0, 1],
        core: [0.5, 0.5, 0.5, 0.25, 1, 0],
      }, options),
    ];
    const { data } = await average(folder, { dataset, masks });
    assertEquals(data, Uint8Array.of(0, 1, 2, 0, 1, 2, 1, 0));
    // Stored as 1 and 0.001: log(4095) = 8.3 and -6.9.
    const logits = await average(folder, { dataset, masks }, "logits");
    assertEquals(logits.data, Uint8Array.of(0, 1, 2, 0, 1, 2, 1, 0));
  }));

Deno.test("ensemble keeps the largest component where a post-processing says so", () =>
  inFolder(LABELS, async (folder, dataset) => {
    const masks = [await writeMember(join(folder, "a"), organ([1, 1, 1, 0, 1, 1]))];
    const postprocessing = join(folder, "postprocessing");
    await Deno.mkdir(postprocessing);
    const labels = [{ name: "background", value: 0 }, { name: "organ", value: 3 }];
    const step = { operation: "keep-largest-component" as const, name: "organ", values: [3] };
    const steps = [{ ...step, connectivity: 26 as const }];
    await writePostprocessing(postprocessing, { labels, steps }, "");
    const { data } = await average(folder, { dataset, masks, postprocessing });
    assertEquals(data, Uint8Array.of(0, 3, 3, 3, 0, 0, 0, 0));
  }));

Deno.test("ensemble refuses cases with fewer members, other classes, other grids and no probabilities", () =>
  inFolder(LABELS, async (folder, dataset) => {
    const p = organ([1, 1, 1, 0, 1, 1]);
    const a = await writeMember(join(folder, "a"), p);
    const other = await writeMember(join(folder, "other"), p, { id: "case_1" });
    const refusal = async (masks: string[]) =>
      (await assertRejects(() => average(folder, { dataset, masks }), Error)).message;
    assertEquals(
      await refusal([a, a, other]),
      "Cannot average probabilities: expected 2 of each case, found 1 of case_1",
    );
    const path = (name: string) => join(folder, name, "case_0.zarr");
    const names = { background: p.background, tumour: p.organ };
    assertEquals(
      await refusal([a, await writeMember(join(folder, "names"), names)]),
      "Cannot average the probabilities of case case_0: expected softmax of background, organ, found " +
        `softmax of background, tumour in '${path("names")}'`,
    );
    const whole = organ([1, 1, 1, 1, 0, 1, 1, 1]);
    assertEquals(
      await refusal([a, await writeMember(join(folder, "whole"), whole, { empty: 1 })]),
      "Cannot average the probabilities of case case_0: expected all on one grid, found different " +
        `ones in '${path("a")}' and '${
          path("whole")
        }': box: 0 0 1 to 1 1 7 and 0 0 0 to 1 1 8 (z y x)`,
    );
    const bare = join(folder, "bare");
    await Deno.mkdir(bare);
    await writeMasksManifest(bare, ["case_0"]);
    assertEquals(
      await refusal([a, bare]),
      `Cannot average the probabilities of case case_0: there is no '${
        path("bare")
      }'; infer with ` +
        "'probabilities: true' writes it",
    );
    await writeMasksManifest(bare, []);
    assertEquals(
      await refusal([bare]),
      `Cannot average probabilities: there are no cases in ${bare}`,
    );
  }));

Deno.test("ensemble keeps its contract: same bytes again", () =>
  inFolder(LABELS, async (folder, dataset) => {
    const masks = [await writeMember(join(folder, "a"), organ([1, 1, 1, 0, 1, 1]))];
    await stageConformance(ensemble, { in: { dataset, masks }, compute: COMPUTE });
  }));
