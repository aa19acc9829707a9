/** Something that works on cases, one at a time. */
export interface CaseWorker<Job, Result> {
  /** Does the work. Rejects if it cannot go on at all. */
  run(job: Job): Promise<Result>;
  /** Ends it. Resolves when nothing more is done, but for writing that had begun. */
  close(): Promise<void>;
}

/** Works in this thread; a case that was begun is finished. */
export function localWorker<Job, Result>(
  work: (job: Job) => Promise<Result>,
): CaseWorker<Job, Result> {
  let current: Promise<unknown> = Promise.resolve();
  return {
    run(job) {
      const result = work(job);
      current = result;
      return result;
    },
    close: () => current.then(() => {}, () => {}),
  };
}

/**
 * Works in a thread of its own, which has the permissions of this one.
 *
 * @param module A module that calls `serveCases`.
 * @param attempt What is done to a case, for messages, such as `preprocess`.
 */
export function threadWorker<Job extends { entry: { id: string } }, Result>(
  module: URL,
  attempt: string,
): CaseWorker<Job, Result> {
  const worker = new Worker(module, { type: "module" });
  return {
    run: (job) =>
      new Promise((resolve, reject) => {
        const fail = (reason: string) =>
          reject(new Error(`Cannot ${attempt} case ${job.entry.id}: ${reason}`));
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
