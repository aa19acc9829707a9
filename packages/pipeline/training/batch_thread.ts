import type { Batch, SampleBatchOptions } from "@mednext/data";
import type { StoredCase } from "./case_reader.ts";

/** The first message to a thread: what batches are made from. */
export interface ThreadStart {
  cases: StoredCase[];
  options: Omit<SampleBatchOptions, "step">;
  /** Bytes of cases that it may keep. */
  maxBytes: number;
}

/** The answer of a thread to a step: the batch, or why there is none. Answers come in order. */
export type ThreadAnswer = { batch: Batch } | { error: Error };

/** A thread that makes batches, one after the other. */
export interface BatchThread {
  /** Asks for the batch of a step. */
  make(step: number): Promise<Batch>;
  /** How many batches it still owes. */
  asked(): number;
  /** Ends it. */
  close(reason: Error): void;
}

/** Starts a thread. */
export function startThread(start: ThreadStart): BatchThread {
  const worker = new Worker(new URL("./batch_worker.ts", import.meta.url), { type: "module" });
  const owed: PromiseWithResolvers<Batch>[] = [];
  let broken: Error | undefined;

  function close(reason: Error): void {
    broken ??= reason;
    worker.terminate();
    for (const { reject } of owed.splice(0)) reject(broken);
  }
  worker.onmessage = ({ data }: MessageEvent<ThreadAnswer>) => {
    const next = owed.shift();
    if ("error" in data) next?.reject(data.error);
    else next?.resolve(data.batch);
  };
  worker.onerror = (event) => {
    event.preventDefault(); // it would end the process
    close(new Error(`Cannot load batches: a thread ended: ${event.message}`));
  };
  worker.postMessage(start);

  function make(step: number): Promise<Batch> {
    if (broken) return Promise.reject(broken);
    const next = Promise.withResolvers<Batch>();
    owed.push(next);
    worker.postMessage(step);
    return next.promise;
  }
  return { make, asked: () => owed.length, close };
}
