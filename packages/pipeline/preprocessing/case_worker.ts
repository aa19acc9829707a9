import {
  type CaseJob,
  type CaseOutcome,
  type CaseProblem,
  preprocessEntry,
} from "./preprocess_entry.ts";

/** Something that preprocesses cases, one at a time. */
export interface CaseWorker {
  /** Preprocesses a case. Rejects if the work cannot go on at all. */
  run(job: CaseJob): Promise<CaseOutcome | CaseProblem>;
  /** Ends it. Resolves when nothing more is done, but for writing that had begun. */
  close(): Promise<void>;
}

/** Preprocesses in this thread; a case that was begun is finished. */
export function localWorker(): CaseWorker {
  let current: Promise<unknown> = Promise.resolve();
  return {
    run(job) {
      const result = preprocessEntry(job);
      current = result;
      return result;
    },
    close: () => current.then(() => {}, () => {}),
  };
}

/** Preprocesses in a thread of its own, which has the permissions of this one. */
export function threadWorker(): CaseWorker {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  return {
    run: (job) =>
      new Promise((resolve, reject) => {
        const fail = (reason: string) =>
          reject(new Error(`Cannot preprocess case ${job.entry.id}: ${reason}`));
        worker.onmessage = ({ data }) => {
          if (data.error === undefined) resolve(data.outcome);
          else fail(data.error);
        };
        worker.onerror = (event) => {
          event.preventDefault();
          fail(`its worker thread ended: ${event.message}`);
        };
        worker.postMessage(job);
      }),
    close: () => Promise.resolve(worker.terminate()),
  };
}
