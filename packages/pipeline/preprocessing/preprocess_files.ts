import {
  checkCase,
  type LabelDescription,
  preprocessCase,
  type PreprocessedCase,
  type PreprocessingPlan,
  readVolume,
  type TestCase,
  type TrainingCase,
} from "@mednext/data";
import { caseNotes } from "./case_notes.ts";
import type { CaseOutcome } from "./preprocess_entry.ts";

/** How the files of a case are preprocessed. */
export interface PreprocessFilesOptions {
  /** The plan. */
  plan: PreprocessingPlan;
  /** What the label map may hold. */
  labels: Pick<LabelDescription, "labels" | "ignoreLabel">;
  /** Channels of the data set. */
  channels: number;
}

/**
 * Reads, checks and preprocesses the files of a case, whether it has labels or not.
 *
 * @returns The case, and what was found in it.
 * @throws {Error} If a file cannot be read, or they do not fit each other or the options.
 */
export async function preprocessFiles(
  entry: TestCase | TrainingCase,
  { plan, labels, channels }: PreprocessFilesOptions,
): Promise<{ preprocessed: PreprocessedCase; outcome: CaseOutcome }> {
  const { id } = entry;
  const images = await Promise.all(entry.images.map((image) => readVolume(image)));
  const label = "label" in entry ? await readVolume(entry.label) : undefined;
  const source = { id, images, label };
  const report = checkCase(source, { files: entry, channels, ...labels });
  const notes = caseNotes(source, report, labels.ignoreLabel);
  const preprocessed = preprocessCase(source, plan);
  if (preprocessed.replacedValues > 0) {
    notes.push(`${id}: ${preprocessed.replacedValues} values that are not finite became 0`);
  }
  return { outcome: { report, notes }, preprocessed };
}
