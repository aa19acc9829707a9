import type { Dataset, TestCase, TrainingCase } from "./dataset.ts";
import { confine, type DatasetFolder, listFolder } from "./folder.ts";
import { isCaseId } from "./is_case_id.ts";
import { asObject, asText, asTexts, property, show } from "./json_check.ts";
import { channelNames } from "./channel_names.ts";
import { nnunetLabels } from "./label_names.ts";

/** What a reader is given: the folder, its parsed `dataset.json`, and where problems go. */
export interface ReadOptions {
  folder: DatasetFolder;
  json: Record<string, unknown>;
  problems: string[];
}

/** Reads an nnU-Net v2 folder (nnU-Net `documentation/dataset_format.md`). */
export async function readNnunet(
  { folder, json, problems }: ReadOptions,
): Promise<Omit<Dataset, "name">> {
  const channels = channelNames(json.channel_names, "$.channel_names", problems);
  const labels = nnunetLabels(json, problems);
  const ending = fileEnding(json.file_ending, problems);
  const reading = { folder, channels: channels.length, ending, problems };
  const training = json.dataset === undefined
    ? await pairedCases(reading)
    : await listedCases(json.dataset, reading);
  if (!Number.isInteger(json.numTraining)) {
    problems.push(`$.numTraining: expected a whole number, found ${show(json.numTraining)}`);
  } else if (problems.length === 0 && json.numTraining !== training.length) {
    problems.push(
      `$.numTraining: expected ${training.length}, the number of training cases, ` +
        `found ${json.numTraining}`,
    );
  }
  const test = await folderImages("imagesTs", reading);
  return { channelNames: channels, ...labels, training, test, unlisted: [] };
}

interface Reading {
  folder: DatasetFolder;
  channels: number;
  ending: string;
  problems: string[];
}

function fileEnding(value: unknown, problems: string[]): string {
  const text = asText(value, "$.file_ending", problems);
  if (text === undefined || /^(\.\w+)+$/.test(text)) return text ?? ".nii.gz";
  problems.push(`$.file_ending: expected an ending such as ".nii.gz", found ${show(text)}`);
  return ".nii.gz";
}

/** Cases of `imagesTr` with their labels of the same name in `labelsTr`. */
async function pairedCases(reading: Reading): Promise<TrainingCase[]> {
  const { folder, ending, problems } = reading;
  const images = await folderImages("imagesTr", reading);
  const names = await listFolder(folder, "labelsTr", [ending]);
  const labels = new Set(names.map((name) => name.slice(0, -ending.length)));
  const cases: TrainingCase[] = [];
  for (const image of images) {
    const at = `labelsTr/${image.id}${ending}`;
    if (!labels.delete(image.id)) {
      problems.push(`${at}: expected the label of the image "${image.id}" in imagesTr, found none`);
      continue;
    }
    const label = await confine(folder, at, { at, problems });
    if (label) cases.push({ ...image, label });
  }
  for (const id of labels) {
    problems.push(
      `imagesTr/${id}_0000${ending}: expected the image of the label "${id}" in labelsTr, found none`,
    );
  }
  return cases;
}

/** Cases of a folder of files `CASE_0000.nii.gz`, one file for each channel. */
async function folderImages(name: string, reading: Reading): Promise<TestCase[]> {
  const { folder, channels, ending, problems } = reading;
  const found = new Map<string, Set<number>>();
  for (const file of await listFolder(folder, name, [ending])) {
    const match = /^(.+)_(\d{4})$/.exec(file.slice(0, -ending.length));
    if (!match || Number(match[2]) >= channels) {
      problems.push(
        `${name}/${file}: expected a name CASE_CHANNEL${ending} with a channel from 0000 to ` +
          String(Math.max(0, channels - 1)).padStart(4, "0"),
      );
      continue;
    }
    if (!found.has(match[1])) found.set(match[1], new Set());
    found.get(match[1])!.add(Number(match[2]));
  }
  const cases: TestCase[] = [];
  for (const id of found.keys()) {
    if (!isCaseId(id)) {
      problems.push(`${name}/${id}_*${ending}: expected a case name that can name a file anywhere`);
    }
    const images: (string | undefined)[] = [];
    for (let channel = 0; channel < channels; channel++) {
      const at = `${name}/${id}_${String(channel).padStart(4, "0")}${ending}`;
      images.push(await confine(folder, at, { at, problems }));
    }
    if (images.every((path) => path !== undefined)) cases.push({ id, images });
  }
  return cases;
}

/** Cases of the optional key `dataset`: `{ CASE: { images: [...], label: ... } }`. */
async function listedCases(value: unknown, reading: Reading): Promise<TrainingCase[]> {
  const { folder, channels, problems } = reading;
  const cases: TrainingCase[] = [];
  for (const [id, entry] of Object.entries(asObject(value, "$.dataset", problems) ?? {})) {
    const at = property("$.dataset", id);
    const record = asObject(entry, at, problems);
    if (!record) continue;
    if (!isCaseId(id)) problems.push(`${at}: expected a case name that can name a file`);
    const names = asTexts(record.images, `${at}.images`, problems);
    if (names && names.length !== channels) {
      problems.push(
        `${at}.images: expected ${channels}, one for each channel, found ${names.length}`,
      );
    }
    const labelName = asText(record.label, `${at}.label`, problems);
    if (!names || labelName === undefined) continue;
    const images = await Promise.all(
      names.map((name, i) => confine(folder, name, { at: `${at}.images[${i}]`, problems })),
    );
    const label = await confine(folder, labelName, { at: `${at}.label`, problems });
    if (label && images.every((path) => path !== undefined)) cases.push({ id, images, label });
  }
  return cases;
}
