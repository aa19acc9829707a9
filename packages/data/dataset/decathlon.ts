import { basename, dirname } from "@std/path";
import type { Dataset, TestCase, TrainingCase } from "./dataset.ts";
import { confine, listFolder } from "./folder.ts";
import { isCaseId } from "./is_case_id.ts";
import { asList, asObject, asText, asTexts, show } from "./json_check.ts";
import { channelNames } from "./channel_names.ts";
import { decathlonLabels } from "./label_names.ts";
import type { ReadOptions } from "./nnunet.ts";

/** Endings of files that can hold a volume, longest first. */
const ENDINGS = [".nii.gz", ".nii", ".hdr", ".zarr"];

/** Reads a `dataset.json` of the Medical Segmentation Decathlon. */
export async function readDecathlon(options: ReadOptions): Promise<Omit<Dataset, "name">> {
  const { json, problems } = options;
  const channels = channelNames(json.modality, "$.modality", problems);
  const labels = decathlonLabels(json, problems);
  const training: TrainingCase[] = [];
  const entries = asList(json.training, "$.training", problems) ?? [];
  for (const [i, entry] of entries.entries()) {
    const at = `$.training[${i}]`;
    const record = asObject(entry, at, problems);
    if (!record) continue;
    const test = await imageCase(record.image, { ...options, at: `${at}.image` });
    const name = asText(record.label, `${at}.label`, problems);
    if (name === undefined) continue;
    const label = await confine(options.folder, name, { at: `${at}.label`, problems });
    if (test && label) training.push({ ...test, label });
  }
  checkCount(json.numTraining, entries.length, "training", problems);
  const test = await testCases(options);
  const unlisted = await unlistedPairs(entries, options);
  return { channelNames: channels, ...labels, training, test, unlisted };
}

async function testCases(options: ReadOptions): Promise<TestCase[]> {
  const { json, problems } = options;
  if (json.test === undefined) return [];
  const cases: TestCase[] = [];
  const entries = asList(json.test, "$.test", problems) ?? [];
  for (const [i, entry] of entries.entries()) {
    const inObject = typeof entry === "object" && entry !== null && "image" in entry;
    const at = `$.test[${i}]${inObject ? ".image" : ""}`;
    const found = await imageCase(inObject ? entry.image : entry, { ...options, at });
    if (found) cases.push(found);
  }
  checkCount(json.numTest, entries.length, "test", problems);
  return cases;
}

function checkCount(value: unknown, count: number, list: string, problems: string[]): void {
  if (value === undefined || value === count) return;
  const key = list === "test" ? "$.numTest" : "$.numTraining";
  problems.push(`${key}: expected ${count}, the length of $.${list}, found ${show(value)}`);
}

/** A case out of the path of its image, or of one image for each channel. */
async function imageCase(
  value: unknown,
  { folder, problems, at }: ReadOptions & { at: string },
): Promise<TestCase | undefined> {
  const names = asTexts(value, at, problems);
  if (!names) return undefined;
  const id = caseId(names[0]);
  if (!isCaseId(id)) problems.push(`${at}: expected a name that can name a file, found "${id}"`);
  const images = await Promise.all(names.map((name) => confine(folder, name, { at, problems })));
  return images.every((path) => path !== undefined) ? { id, images } : undefined;
}

function caseId(path: string): string {
  const name = basename(path);
  const ending = ENDINGS.find((end) => name.endsWith(end)) ?? "";
  return name.slice(0, name.length - ending.length);
}

/**
 * Looks through the folders of the listed images and labels. A file there without a partner of the
 * same name is a problem; whole pairs that the list leaves out are returned.
 */
async function unlistedPairs(
  entries: unknown[],
  { folder, problems }: ReadOptions,
): Promise<string[]> {
  const folders = new Map<string, string>([["imagesTr", "labelsTr"]]);
  const listedImages = new Set<string>(), listedLabels = new Set<string>();
  for (const entry of entries) {
    const { image, label } = (entry ?? {}) as { image?: unknown; label?: unknown };
    if (typeof label !== "string") continue;
    listedLabels.add(plain(label));
    for (const path of [image].flat()) {
      if (typeof path !== "string") continue;
      listedImages.add(plain(path));
      folders.set(folderOf(path), folderOf(label));
    }
  }
  const unlisted: string[] = [];
  for (const [imageFolder, labelFolder] of folders) {
    if (imageFolder === labelFolder || /^\.\.|^\//.test(imageFolder + labelFolder)) continue;
    const free = async (name: string, taken: Set<string>) =>
      (await listFolder(folder, name, ENDINGS)).filter((file) => !taken.has(`${name}/${file}`));
    const images = await free(imageFolder, listedImages);
    const labels = await free(labelFolder, listedLabels);
    const labelIds = new Set(labels.map(caseId)), imageIds = new Set(images.map(caseId));
    const orphan = (file: string, here: string, there: string, taken: Set<string>) => {
      const path = [...taken].find((one) =>
        folderOf(one) === there && caseId(one) === caseId(file)
      );
      const kind = there === labelFolder ? "a label" : "an image";
      return path === undefined
        ? `${here}/${file}: expected ${kind} for it in ${there}, found none`
        : `${here}/${file}: expected it beside ${path} in $.training, found another`;
    };
    for (const file of images) {
      if (labelIds.has(caseId(file))) unlisted.push(caseId(file));
      else problems.push(orphan(file, imageFolder, labelFolder, listedLabels));
    }
    for (const file of labels) {
      if (imageIds.has(caseId(file))) continue;
      problems.push(orphan(file, labelFolder, imageFolder, listedImages));
    }
  }
  return unlisted;
}

function plain(path: string): string {
  return path.replace(/^(\.\/)+/, "");
}

function folderOf(path: string): string {
  return dirname(plain(path));
}
