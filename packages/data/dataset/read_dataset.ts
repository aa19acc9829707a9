import { basename, join } from "@std/path";
import { compareText } from "../folds/compare_text.ts";
import type { Dataset } from "./dataset.ts";
import { DatasetError } from "./dataset_error.ts";
import { readDecathlon } from "./decathlon.ts";
import { type DatasetFolder, openFolder } from "./folder.ts";
import { asObject, show } from "./json_check.ts";
import { readNnunet } from "./nnunet.ts";

/** A larger `dataset.json` is refused before it is parsed. */
const LARGEST_JSON = 64 * 2 ** 20;

/**
 * Reads what a data set holds: an nnU-Net v2 folder, or a folder with a `dataset.json` of the
 * Medical Segmentation Decathlon. No voxel is read.
 *
 * `dataset.json` is not trusted: it is checked in full, and no path may lead out of the folder,
 * not even through links. An image or a label that lies in a training folder without its partner
 * is a problem. Files whose names begin with a dot are passed over.
 *
 * @example
 * ```ts
 * import { readDataset } from "@mednext/data/read-dataset";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * for (const name of ["imagesTr", "labelsTr"]) await Deno.mkdir(`${folder}/${name}`);
 * await Deno.writeTextFile(`${folder}/imagesTr/liver_1_0000.nii.gz`, "");
 * await Deno.writeTextFile(`${folder}/labelsTr/liver_1.nii.gz`, "");
 * await Deno.writeTextFile(`${folder}/dataset.json`, JSON.stringify({
 *   channel_names: { 0: "CT" },
 *   labels: { background: 0, liver: 1 },
 *   numTraining: 1,
 *   file_ending: ".nii.gz",
 * }));
 * const dataset = await readDataset(folder);
 * assertEquals(dataset.training.map(({ id }) => id), ["liver_1"]);
 * ```
 *
 * @param path The data set's folder.
 * @returns Channels, labels and cases.
 * @throws {DatasetError} With every problem at once, if anything is missing or wrong.
 */
export async function readDataset(path: string): Promise<Dataset> {
  const { folder, json } = await readJson(path);
  const problems: string[] = [];
  const reader = json.channel_names !== undefined ? readNnunet : readDecathlon;
  if (json.channel_names === undefined && json.modality === undefined) {
    throw new DatasetError(path, [
      '$: expected "channel_names" (nnU-Net) or "modality" (Decathlon), found ' +
      show(Object.keys(json)),
    ]);
  }
  const dataset = await reader({ folder, json, problems });
  for (const list of ["training", "test"] as const) {
    dataset[list].sort((a, b) => compareText(a.id, b.id));
    const repeated = dataset[list].filter(({ id }, i, cases) => cases[i + 1]?.id === id);
    for (const { id } of repeated) problems.push(`${list}: the case "${id}" occurs more than once`);
  }
  if (problems.length > 0) throw new DatasetError(path, problems);
  const name = typeof json.name === "string" ? json.name : basename(folder.realPath);
  return { name, ...dataset };
}

async function readJson(
  path: string,
): Promise<{ folder: DatasetFolder; json: Record<string, unknown> }> {
  try {
    const file = join(path, "dataset.json");
    const { size } = await Deno.stat(file);
    if (size > LARGEST_JSON) {
      throw new DatasetError(path, [
        `dataset.json: expected at most ${LARGEST_JSON} bytes, found ${size}`,
      ]);
    }
    const folder = await openFolder(path);
    const problems: string[] = [];
    const json = asObject(JSON.parse(await Deno.readTextFile(file)), "$", problems);
    if (!json) throw new DatasetError(path, problems);
    return { folder, json };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      throw new DatasetError(path, ["dataset.json: expected a file, found none"]);
    }
    if (error instanceof SyntaxError) {
      throw new DatasetError(path, [`dataset.json: expected JSON: ${error.message}`]);
    }
    throw error;
  }
}
