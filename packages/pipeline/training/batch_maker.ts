import { type Batch, sampleBatch } from "@mednext/data";
import { type BatchThread, startThread, type ThreadStart } from "./batch_thread.ts";
import { caseReader } from "./case_reader.ts";

/** Makes batches by step, in whatever thread. */
export interface BatchMaker {
  make(step: number): Promise<Batch>;
  /** Refuses what is not made yet. */
  close(reason: Error): void;
}

/**
 * Makes batches in a number of threads, or in this one if the number is 0.
 *
 * @param start What batches are made from; the threads share its bytes.
 * @param workers Number of threads. They start when the first batch is asked for.
 */
export function createBatchMaker(start: ThreadStart, workers: number): BatchMaker {
  if (workers === 0) {
    const reader = caseReader(start.cases, start.maxBytes);
    return { make: (step) => sampleBatch(reader, { ...start.options, step }), close() {} };
  }
  const share = { ...start, maxBytes: start.maxBytes / workers };
  const threads: BatchThread[] = [];
  return {
    make(step) {
      while (threads.length < workers) threads.push(startThread(share));
      const batch = leastBusy(threads).make(step);
      batch.catch(() => {}); // whoever waits for it is told; if nobody does, nobody has to be
      return batch;
    },
    close: (reason) => threads.forEach((thread) => thread.close(reason)),
  };
}

function leastBusy(threads: BatchThread[]): BatchThread {
  return threads.reduce((least, thread) => thread.asked() < least.asked() ? thread : least);
}
