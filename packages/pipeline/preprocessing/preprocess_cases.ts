import type { CaseReport, TestCase, TrainingCase } from "@mednext/data";
import { join } from "@std/path";
import { casePath } from "../artifacts/volumes_folder.ts";
import { exists } from "../run/file_system.ts";
import { caseBytes } from "./case_bytes.ts";
import { type CaseWorker, localWorker, threadWorker } from "./case_worker.ts";
import { freeMemory } from "./free_memory.ts";
import { listProblems } from "./list_problems.ts";
import {
  type CaseJob,
  type CaseOutcome,
  type CaseProblem,
  preprocessEntry,
} from "./preprocess_entry.ts";
import { runCases } from "./run_cases.ts";

/** The share of the free memory that cases at work may take. */
const SHARE = 0.5;

/** A case and the most bytes that its preprocessing is expected to take. */
type MeasuredJob = CaseJob & { bytes: number };

/** How {@linkcode preprocessCases} works. */
export interface PreprocessCasesOptions extends Omit<CaseJob, "entry" | "path"> {
  /** Where what is done is kept until all is done. */
  scratch: string;
  /** Cases at a time. */
  workers: number;
  signal: AbortSignal;
  /** Called when the work begins and after each case, with the number of cases done so far. */
  onProgress(done: number, id: string): void;
  log(line: string): void;
}

/**
 * Preprocesses cases into `cases` in the scratch folder, those aside that an earlier, unfinished run has
 * done. A case that cannot be preprocessed does not keep the others from it.
 *
 * @returns What was found in each case, by id.
 * @throws {Error} At the end, that names every case that could not be preprocessed and why.
 */
export async function preprocessCases(
  cases: (TestCase | TrainingCase)[],
  options: PreprocessCasesOptions,
): Promise<Map<string, CaseReport>> {
  const { scratch, workers, signal, onProgress, log, ...shared } = options;
  const work = await openFolders(scratch, shared);
  const reports = new Map<string, CaseReport>();
  const problems = new Map<string, string>();
  const jobs: MeasuredJob[] = [];
  for (const entry of cases) {
    const known = await readOutcome(scratch, entry.id);
    if (known) reports.set(entry.id, known.report);
    else {
      const bytes = await caseBytes(entry, shared.plan);
      jobs.push({ ...shared, entry, bytes, path: join(work, `${entry.id}.zarr`) });
    }
  }
  const count = () => reports.size + problems.size;
  onProgress(count(), jobs[0]?.entry.id ?? "");
  const onDone = async ({ entry: { id }, path }: MeasuredJob, found: CaseOutcome | CaseProblem) => {
    if ("problem" in found) {
      problems.set(id, found.problem);
      log(`${id} cannot be preprocessed: ${found.problem}`);
    } else {
      found.notes.forEach(log);
      await keepOutcome(scratch, { id, path, outcome: found });
      reports.set(id, found.report);
    }
    onProgress(count(), id);
  };
  const createWorker = (): CaseWorker<MeasuredJob, CaseOutcome | CaseProblem> =>
    workers > 1
      ? threadWorker(new URL("./worker.ts", import.meta.url), "preprocess")
      : localWorker(preprocessEntry);
  try {
    await runCases(jobs, { workers, maxBytes: SHARE * freeMemory(), signal, createWorker, onDone });
  } finally {
    await removeFolder(work);
  }
  if (problems.size === 0) return reports;
  throw new Error(
    `Cannot preprocess ${problems.size} of ${cases.length} cases:\n${
      listProblems(cases, problems)
    }`,
  );
}

/**
 * Makes the folders; returns one for work that no earlier run has written to. What was made by another recipe is
 * removed: the one of the data set changes if a file could not be read before and now can.
 */
async function openFolders(scratch: string, recipe: unknown): Promise<string> {
  const file = join(scratch, "recipe.json"), text = JSON.stringify(recipe);
  if (await Deno.readTextFile(file).catch(() => undefined) !== text) {
    await removeFolder(join(scratch, "cases"));
    await Deno.writeTextFile(file, text);
  }
  for (const name of ["cases", "reports"]) {
    await Deno.mkdir(join(scratch, name), { recursive: true });
  }
  for await (const { name } of Deno.readDir(scratch)) {
    if (name.startsWith("work_")) await removeFolder(join(scratch, name));
  }
  return await Deno.makeTempDir({ dir: scratch, prefix: "work_" });
}

/** A thread that was stopped may still write for a moment; what it leaves goes with the scratch folder. */
async function removeFolder(path: string): Promise<void> {
  await Deno.remove(path, { recursive: true }).catch(() => {});
}

function reportPath(scratch: string, id: string): string {
  return join(scratch, "reports", `${id}.json`);
}

async function readOutcome(scratch: string, id: string): Promise<CaseOutcome | undefined> {
  if (!(await exists(casePath(scratch, id)))) return undefined;
  return JSON.parse(await Deno.readTextFile(reportPath(scratch, id)));
}

/** The report is there before the case, so that a case that is there has one. */
async function keepOutcome(
  scratch: string,
  { id, path, outcome }: { id: string; path: string; outcome: CaseOutcome },
): Promise<void> {
  await Deno.writeTextFile(reportPath(scratch, id), JSON.stringify(outcome));
  await Deno.rename(path, casePath(scratch, id));
}
