import type { CaseFingerprint, Dataset } from "@mednext/data";
import { caseBytes } from "./case_bytes.ts";
import { type CaseWorker, localWorker, threadWorker } from "./case_worker.ts";
import { fingerprintEntry, type FingerprintJob } from "./fingerprint_entry.ts";
import { freeMemory } from "./free_memory.ts";
import type { CaseProblem } from "./preprocess_entry.ts";
import { runCases } from "./run_cases.ts";

/** The share of the free memory that cases at work may take. */
const SHARE = 0.5;
/** Intensities that are drawn in each channel over all cases: nnU-Net draws ten times as many. */
export const SAMPLES = 10_000_000;

/** How {@linkcode fingerprintCases} works. */
export interface FingerprintCasesOptions {
  /** Cases at a time. */
  workers: number;
  /** Intensities to draw in each channel over all cases. */
  samples: number;
  signal: AbortSignal;
  /** Called when the work begins and after each case, with the number of cases done so far. */
  onProgress?(done: number, id: string): void;
}

/** What is known of the cases with labels. */
export interface FoundCases {
  /** In the order of the data set. */
  cases: CaseFingerprint[];
  /** Id of a case that cannot be used -> why. */
  problems: Map<string, string>;
}

type Job = FingerprintJob & { bytes: number };

/** Describes all cases with labels, several at a time; the result is the same whatever the number. */
export async function fingerprintCases(
  { training, labels, ignoreLabel, channelNames }: Dataset,
  { workers, samples, signal, onProgress }: FingerprintCasesOptions,
): Promise<FoundCases> {
  const shared = {
    labels: { labels, ignoreLabel },
    channels: channelNames.length,
    samples: Math.max(1, Math.floor(samples / training.length)),
  };
  const jobs: Job[] = [];
  for (const entry of training) {
    jobs.push({ ...shared, entry, bytes: await caseBytes(entry, {}) });
  }
  const found = new Map<string, CaseFingerprint>();
  const problems = new Map<string, string>();
  const count = () => found.size + problems.size;
  onProgress?.(0, training[0]?.id ?? "");
  const onDone = ({ entry: { id } }: Job, result: CaseFingerprint | CaseProblem) => {
    if ("problem" in result) problems.set(id, result.problem);
    else found.set(id, result);
    onProgress?.(count(), id);
  };
  const createWorker = (): CaseWorker<Job, CaseFingerprint | CaseProblem> =>
    workers > 1
      ? threadWorker(new URL("./fingerprint_worker.ts", import.meta.url), "look at")
      : localWorker(fingerprintEntry);
  await runCases(jobs, { workers, maxBytes: SHARE * freeMemory(), signal, createWorker, onDone });
  const cases = training.flatMap(({ id }) => found.get(id) ?? []);
  return { cases, problems };
}
