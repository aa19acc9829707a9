/**
 * Batches made ahead of the trainer, in threads of their own.
 * @module
 */
import type { Batch, SampleBatchOptions } from "@mednext/data";
import { createBatchMaker } from "./batch_maker.ts";
import type { StoredCase } from "./case_reader.ts";

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
  const maker = createBatchMaker({ cases, options: draw, maxBytes }, workers);
  const ahead = workers === 0 ? 0 : prefetch;
  const waiting = new Map<number, Promise<Batch>>();
  let closed: Error | undefined, since: number | undefined, waited = 0;

  function end(reason: Error): void {
    closed ??= reason;
    signal?.removeEventListener("abort", abort);
    maker.close(closed);
    waiting.clear();
  }
  const abort = () => end(signal?.reason);
  signal?.addEventListener("abort", abort);
  if (signal?.aborted) abort();

  /** Takes the batch of a step out of the queue, which then reaches from the next step on. */
  function take(step: number): Promise<Batch> {
    const last = Math.max(step, Math.min(step + ahead, steps - 1));
    for (const known of waiting.keys()) if (known < step || known > last) waiting.delete(known);
    for (let next = step; next <= last; next++) {
      if (!waiting.has(next)) waiting.set(next, maker.make(next));
    }
    const batch = waiting.get(step)!;
    waiting.delete(step);
    return batch;
  }

  return {
    async batch(step) {
      if (closed) throw closed;
      const asked = performance.now();
      since ??= asked;
      try {
        return await take(step);
      } finally {
        waited += performance.now() - asked;
      }
    },
    waitShare: () => since === undefined ? 0 : waited / Math.max(1e-3, performance.now() - since),
    close: () => end(new Error("Cannot load a batch: the loader is closed")),
  };
}
