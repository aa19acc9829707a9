import {
  type CaseFingerprint,
  checkCase,
  fingerprintCase,
  type LabelDescription,
  readVolume,
  type TrainingCase,
} from "@mednext/data";
import { reasonOf } from "../run/file_system.ts";
import type { CaseProblem } from "./preprocess_entry.ts";

/** A case to describe. Plain data: it goes to worker threads. */
export interface FingerprintJob {
  /** The case's files. */
  entry: TrainingCase;
  /** What the label map may hold. */
  labels: Pick<LabelDescription, "labels" | "ignoreLabel">;
  /** Channels of the data set. */
  channels: number;
  /** Intensities to draw in each channel. */
  samples: number;
}

/** Reads, checks and describes a case; or says what the problem with it is. */
export async function fingerprintEntry(
  { entry, labels, channels, samples }: FingerprintJob,
): Promise<CaseFingerprint | CaseProblem> {
  try {
    const images = await Promise.all(entry.images.map((image) => readVolume(image)));
    const source = { id: entry.id, images, label: await readVolume(entry.label) };
    checkCase(source, { files: entry, channels, ...labels });
    const { labels: names, ignoreLabel } = labels;
    return fingerprintCase(source, {
      labels: names.map(({ value }) => value),
      ignoreLabel,
      samples,
    });
  } catch (error) {
    return { problem: reasonOf(error) };
  }
}
