import { type CaseReport, type TestCase, type TrainingCase, writeCase } from "@mednext/data";
import { reasonOf } from "../run/file_system.ts";
import { preprocessFiles, type PreprocessFilesOptions } from "./preprocess_files.ts";

/** A case to preprocess. Plain data: it goes to worker threads. */
export interface CaseJob extends PreprocessFilesOptions {
  /** The case's files. */
  entry: TestCase | TrainingCase;
  /** The folder to write. */
  path: string;
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
  let made: Awaited<ReturnType<typeof preprocessFiles>>;
  try {
    made = await preprocessFiles(job.entry, job);
  } catch (error) {
    return { problem: reasonOf(error) };
  }
  await writeCase(job.path, made.preprocessed);
  return made.outcome;
}
