/**
 * Batches made ahead of the trainer, in threads of their own.
 * @module
 */
import { type Batch, sampleBatch, type SampleBatchOptions } from "@mednext/data";
import { type BatchThread, startThread } from "./batch_thread.ts";
import { caseReader, type StoredCase } from "./case_reader.ts";

/** Options of {@linkcode createBatchLoader}. */
export interface BatchLoaderOptions extends Omit<SampleBatchOptions, "step"> {
  /** Number of threads; 0 makes each batch in the calling thread when it is asked for. @default {1} */
  workers?: number;
  /** Number of batches that are made ahead. @default {4} */
  prefetch?: number;
  /** Number of batches in all: none is made beyond. @default {Infinity} */
  steps?: number;
  /** Bytes of cases that are kept in memory, by all threads together. @default {2147483648} */
  maxBytes?: number;
  /** Closes the loader when it aborts. @default {undefined} */
  signal?: AbortSignal;
}

/** Batches of a training, by step. */
export interface BatchLoader {
  /**
   * The batch of a step. It is the caller's: none is given twice from the same memory.
   *
   * @throws {Error} If a case cannot be read, naming case and file; if the loader is closed; or the
   * signal's reason.
   */
  batch(step: number): Promise<Batch>;
  /** The share of the time since the first batch was asked for that the caller waited, 0 to 1. */
  waitShare(): number;
  /** Ends the threads. Batches that are waited for are refused. */
  close(): void;
}

/**
 * Starts to load batches: threads read preprocessed cases, keep them within bounds, cut, augment and
 * hand over what `sampleBatch` gives, a few steps ahead of the step that is asked for.
 *
 * A batch depends on the cases, the options and the step alone: any number of threads gives the same
 * bytes. Threads start with the first batch and live until the loader is closed or the signal aborts.
 *
 * @param cases The cases, in a fixed order.
 * @param options How batches are drawn, and how many threads draw them.
 * @returns The loader.
 */
export function createBatchLoader(cases: StoredCase[], options: BatchLoaderOptions): BatchLoader {
  const { workers = 1, prefetch = 4, steps = Infinity, maxBytes = 2 ** 31, signal, ...draw } =
    options;
  const kept = maxBytes / Math.max(1, workers);
  const start = { cases, options: draw, maxBytes: kept };
  const threads: BatchThread[] = []; // they start when the first batch is asked for
  const reader = caseReader(cases, kept);
  const waiting = new Map<number, Promise<Batch>>();
  const watch = { since: 0, waited: 0 };
  let closed: Error | undefined;

  function close(reason: Error = new Error("Cannot load a batch: the loader is closed")): void {
    closed ??= reason;
    signal?.removeEventListener("abort", abort);
    for (const thread of threads) thread.close(closed);
    waiting.clear();
  }
  const abort = () => close(signal?.reason);
  signal?.addEventListener("abort", abort);
  if (signal?.aborted) abort();

  function ask(step: number): Promise<Batch> {
    if (workers === 0) return sampleBatch(reader, { ...draw, step });
    while (threads.length < workers) threads.push(startThread(start));
    const batch = leastBusy(threads).make(step);
    batch.catch(() => {}); // whoever takes it from the queue is told; if nobody does, nobody is
    return batch;
  }

  async function batch(step: number): Promise<Batch> {
    if (closed) throw closed;
    const last = Math.min(step + (workers === 0 ? 0 : prefetch), steps - 1);
    for (const known of waiting.keys()) if (known < step || known > last) waiting.delete(known);
    const asked = performance.now();
    watch.since ||= asked;
    for (let next = step; next <= Math.max(step, last); next++) {
      if (!waiting.has(next)) waiting.set(next, ask(next));
    }
    const result = waiting.get(step)!;
    waiting.delete(step);
    try {
      return await result;
    } finally {
      watch.waited += performance.now() - asked;
    }
  }

  const waitShare = () =>
    watch.since === 0 ? 0 : watch.waited / Math.max(1e-3, performance.now() - watch.since);
  return { batch, waitShare, close: () => close() };
}

function leastBusy(threads: BatchThread[]): BatchThread {
  return threads.reduce((least, thread) => thread.asked() < least.asked() ? thread : least);
}
