import type { CaseWorker } from "./case_worker.ts";

/** How {@linkcode runCases} works. */
export interface RunCasesOptions<Job, Result> {
  /** Cases at a time, at most. */
  workers: number;
  /** Bytes that the cases at work may take together; a case that takes more works alone. */
  maxBytes: number;
  /** Stops everything when it is aborted. */
  signal: AbortSignal;
  /** Makes a worker; called at most `workers` times. */
  createWorker(): CaseWorker<Job, Result>;
  /** Called for each case as it is done, in any order; what it has begun is waited for in any case. */
  onDone(job: Job, result: Result): Promise<void> | void;
}

/**
 * Works on cases, several at a time, begun in their order. Whatever happens, no worker is left.
 *
 * @param jobs Each with the most bytes that it is expected to take.
 * @throws What `signal` was aborted with, or the first error of a worker that is not a case's own problem.
 */
export async function runCases<Job extends { bytes: number }, Result>(
  jobs: readonly Job[],
  { workers, maxBytes, signal, createWorker, onDone }: RunCasesOptions<Job, Result>,
): Promise<void> {
  const queue = jobs.values();
  const memory = createMemory(maxBytes);
  const made: CaseWorker<Job, Result>[] = [];
  const telling = new Set<Promise<void>>();
  let isOver = false;
  async function lane(): Promise<void> {
    let worker: CaseWorker<Job, Result> | undefined;
    for (const job of queue) {
      await memory.take(job.bytes);
      if (isOver) return;
      if (worker === undefined) made.push(worker = createWorker());
      const result = await worker.run(job);
      if (isOver) return;
      const told = Promise.try(onDone, job, result);
      telling.add(told);
      await told;
      telling.delete(told);
      signal.throwIfAborted();
      memory.giveBack(job.bytes);
    }
  }
  const stop = Promise.withResolvers<never>();
  const abort = () => stop.reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    signal.throwIfAborted();
    const lanes = Array.from({ length: Math.min(workers, jobs.length) }, lane);
    await Promise.race([Promise.all(lanes), stop.promise]);
  } finally {
    isOver = true;
    signal.removeEventListener("abort", abort);
    await Promise.all(made.map((worker) => worker.close()));
    await Promise.allSettled(telling);
  }
}

/** Bytes that are lent out, first come, first served; one borrower gets what it asks for in any case. */
function createMemory(maxBytes: number) {
  const waiting: { bytes: number; start: () => void }[] = [];
  let lent = 0, borrowers = 0;
  const serve = () => {
    while (waiting.length > 0 && (borrowers === 0 || lent + waiting[0].bytes <= maxBytes)) {
      const { bytes, start } = waiting.shift()!;
      lent += bytes;
      borrowers++;
      start();
    }
  };
  return {
    take: (bytes: number) =>
      new Promise<void>((start) => {
        waiting.push({ bytes, start });
        serve();
      }),
    giveBack(bytes: number) {
      lent -= bytes;
      borrowers--;
      serve();
    },
  };
}
