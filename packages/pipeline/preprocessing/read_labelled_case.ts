import {
  checkCase,
  type Dataset,
  type LabelledCase,
  readVolume,
  type TrainingCase,
} from "@mednext/data";

/** Reads a case with labels, and checks that it fits together. */
export async function readLabelledCase(
  files: TrainingCase,
  { labels, ignoreLabel, channelNames }: Dataset,
): Promise<LabelledCase> {
  const images = await Promise.all(files.images.map((image) => readVolume(image)));
  const source = { id: files.id, images, label: await readVolume(files.label) };
  checkCase(source, { files, labels, ignoreLabel, channels: channelNames.length });
  return source;
}
