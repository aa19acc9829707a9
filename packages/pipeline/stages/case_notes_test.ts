import { assertEquals, assertRejects } from "@std/assert";
import { readNifti, writeNifti } from "@mednext/data";
import { join } from "@std/path";
import { preprocessParams, runStage, withDataset } from "../testdata/dataset.ts";
import { unlistedNotes } from "./case_notes.ts";
import preprocess from "./preprocess.ts";

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
      "case_1: every image value is 7",
      "case_1: the label map holds background alone",
      "case_2: the label map holds background alone",
      "no case holds the label 1 (other)",
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
