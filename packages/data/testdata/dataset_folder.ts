/** Folders of data sets for tests, without a voxel. */
import { assertEquals, assertRejects } from "@std/assert";
import { dirname, join } from "@std/path";
import { DatasetError } from "../dataset/dataset_error.ts";
import { readDataset } from "../dataset/read_dataset.ts";

/** A `dataset.json` of nnU-Net. */
export const NNUNET = {
  channel_names: { 0: "CT", 1: "PET" },
  labels: { background: 0, tumour: 1 },
  numTraining: 2,
  file_ending: ".nii.gz",
};

/** The files of its folder. */
export const NNUNET_FILES = [
  "imagesTr/a_0000.nii.gz",
  "imagesTr/a_0001.nii.gz",
  "imagesTr/b_2_0000.nii.gz",
  "imagesTr/b_2_0001.nii.gz",
  "labelsTr/a.nii.gz",
  "labelsTr/b_2.nii.gz",
  "imagesTs/c_0000.nii.gz",
  "imagesTs/c_0001.nii.gz",
];

/** A `dataset.json` of the Decathlon. */
export const DECATHLON = {
  name: "Heart",
  modality: { 0: "MRI" },
  labels: { 0: "background", 1: "left atrium" },
  numTraining: 2,
  training: [
    { image: "./imagesTr/la_2.nii.gz", label: "./labelsTr/la_2.nii.gz" },
    { image: "./imagesTr/la_1.nii.gz", label: "./labelsTr/la_1.nii.gz" },
  ],
  test: ["./imagesTs/la_3.nii.gz"],
};

/** The files of its folder. */
export const DECATHLON_FILES = [1, 2].flatMap((
  n,
) => [`imagesTr/la_${n}.nii.gz`, `labelsTr/la_${n}.nii.gz`])
  .concat("imagesTs/la_3.nii.gz");

/** Makes a folder with empty files; no voxel is ever read. */
export async function makeFolder(json: unknown, files: string[]): Promise<string> {
  const folder = await Deno.makeTempDir();
  for (const file of files) {
    await Deno.mkdir(dirname(join(folder, file)), { recursive: true });
    await Deno.writeTextFile(join(folder, file), "");
  }
  const text = typeof json === "string" ? json : JSON.stringify(json);
  await Deno.writeTextFile(join(folder, "dataset.json"), text);
  return folder;
}

/** Everything that is wrong with a data set. */
export async function problemsOf(folder: string): Promise<string[]> {
  const error = await assertRejects(() => readDataset(folder), DatasetError);
  assertEquals(
    error.message,
    [`Cannot read the data set ${folder}:`, ...error.problems].join("\n  "),
  );
  return error.problems;
}
