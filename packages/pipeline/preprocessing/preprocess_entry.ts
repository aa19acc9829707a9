import {
  type CaseReport,
  checkCase,
  type LabelDescription,
  preprocessCase,
  type PreprocessingPlan,
  readVolume,
  type TestCase,
  type TrainingCase,
  writeCase,
} from "@mednext/data";
import { reasonOf } from "../run/file_system.ts";
import { caseNotes } from "./case_notes.ts";

/** A case to preprocess. Plain data: it goes to worker threads. */
export interface CaseJob {
  /** The case's files. */
  entry: TestCase | TrainingCase;
  /** The folder to write. */
  path: string;
  plan: PreprocessingPlan;
  /** What the label map may hold. */
  labels: Pick<LabelDescription, "labels" | "ignoreLabel">;
  /** Channels of the data set. */
  channels: number;
}

/** What was found in a case. */
export interface CaseOutcome {
  report: CaseReport;
  /** What is odd about it and no error, one line each. */
  notes: string[];
}

/** Why a case cannot be preprocessed. */
export interface CaseProblem {
  problem: string;
}

/**
 * Reads, checks, preprocesses and writes a case.
 *
 * @returns What was found; or the problem, if it is the case's own. That its result cannot be written is not.
 */
export async function preprocessEntry(job: CaseJob): Promise<CaseOutcome | CaseProblem> {
  let made: Awaited<ReturnType<typeof make>>;
  try {
    made = await make(job);
  } catch (error) {
    return { problem: reasonOf(error) };
  }
  await writeCase(job.path, made.preprocessed);
  return made.outcome;
}

async function make({ entry, plan, labels, channels }: CaseJob) {
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
