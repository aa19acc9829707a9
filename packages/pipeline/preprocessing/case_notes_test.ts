import { assertEquals, assertRejects } from "@std/assert";
import { readNifti, writeNifti } from "@mednext/data";
import { join } from "@std/path";
import { preprocessParams, runStage, withDataset } from "../testdata/dataset.ts";
import { absentLabelNotes, caseNotes, hiddenRegionNotes, unlistedNotes } from "./case_notes.ts";
import preprocess from "../stages/preprocess.ts";

Deno.test("preprocess says what is odd about the cases and no error", () =>
  withDataset(async (folder, dataset) => {
    const image = join(dataset, "imagesTr", "case_1_0000.nii.gz");
    const volume = await readNifti(image);
    await writeNifti(image, { ...volume, data: new Float32Array(volume.data.length).fill(7) });
    for (const i of [1, 2]) {
      const path = join(dataset, "labelsTr", `case_${i}.nii.gz`);
      const label = await readNifti(path);
      await writeNifti(path, { ...label, data: new Uint8Array(label.data.length) });
    }
    const lines: string[] = [];
    const log = (line: string) => void lines.push(line);
    await runStage(preprocess, { folder, params: preprocessParams, inputs: { dataset }, log });
    assertEquals(lines, [
      "looking through the intensities and borders of 5 cases",
      "case_1: every image value is 7",
      "case_1: the label map holds background alone",
      "case_2: the label map holds background alone",
      "no case holds the label 1 (other)",
      "no validation case of fold 3 holds the label 2 (ball)",
      "no validation case of fold 4 holds the label 2 (ball)",
    ]);
  }));

Deno.test("unlistedNotes() names the cases that dataset.json leaves out", () => {
  assertEquals(unlistedNotes([]), []);
  assertEquals(unlistedNotes(["a", "b"]), [
    "dataset.json leaves out 2 of the cases with labels: a, b",
  ]);
  const many = Array.from({ length: 12 }, (_, i) => `c${i}`);
  assertEquals(unlistedNotes(many), [
    "dataset.json leaves out 12 of the cases with labels: " +
    "c0, c1, c2, c3, c4, c5, c6, c7, c8, c9 and 2 more",
  ]);
});

Deno.test("absentLabelNotes() names the folds that lack a label", () => {
  const labels = [0, 1, 2].map((value) => ({ name: `l${value}`, value }));
  const report = (...labelValues: number[]) => ({ nan: 0, infinite: 0, labelValues });
  const reports = new Map([["a", report(0, 1, 2)], ["b", report(0, 1)], ["c", report(1)]]);
  const splits = [{ train: ["a", "b"], val: ["c"] }, { train: ["b", "c"], val: ["a"] }];
  assertEquals(absentLabelNotes(labels, reports, splits), [
    "no validation case of fold 0 holds the label 2 (l2)",
    "no training case of fold 1 holds the label 2 (l2)",
  ]);
});

Deno.test("hiddenRegionNotes() names regions that later ones cover", () => {
  const whole = { name: "whole", values: [1, 2] }, core = { name: "core", values: [2] };
  assertEquals(hiddenRegionNotes([whole, core]), []);
  assertEquals(hiddenRegionNotes([core, whole]), [
    'the region "whole" is painted after "core" and covers it: masks will not show "core"; ' +
    "dataset.json must list larger regions first",
  ]);
});

Deno.test("caseNotes() tells background alone from the ignore label alone", () => {
  const volume = {
    data: Uint8Array.of(9, 8),
    shape: [1, 1, 2] as [number, number, number],
    channels: 1,
    spacing: [1, 1, 1] as [number, number, number],
    affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
    notes: [],
  };
  const notes = (...labelValues: number[]) =>
    caseNotes(
      { id: "a", images: [volume], label: volume },
      { nan: 0, infinite: 0, labelValues },
      3,
    );
  assertEquals(notes(0, 3), ["a: the label map holds background alone"]);
  assertEquals(notes(3), ["a: the label map holds the ignore label alone"]);
  assertEquals(notes(0, 1, 3), []);
});

Deno.test("preprocess refuses normalisation schemes that are not one for each channel", () =>
  withDataset(async (folder, dataset) => {
    const params = { ...preprocessParams, normalization: ["zscore", "ct"] as ("zscore" | "ct")[] };
    const error = await assertRejects(
      () => runStage(preprocess, { folder, params, inputs: { dataset } }),
      RangeError,
    );
    assertEquals(
      error.message,
      "Cannot preprocess the data set dataset: expected in 'normalization' a scheme for each of " +
        "its channels (MR), found zscore, ct",
    );
  }));
