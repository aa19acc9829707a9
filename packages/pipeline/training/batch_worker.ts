/**
 * The thread behind `createBatchLoader`: the first message says what batches are made from, each
 * one after it is a step.
 * @module
 */
import { type CaseSource, sampleBatch } from "@mednext/data";
import type { ThreadAnswer, ThreadStart } from "./batch_thread.ts";
import { caseReader } from "./case_reader.ts";

/** What this file uses of a worker's global scope. */
interface WorkerScope {
  onmessage: (event: MessageEvent<ThreadStart | number>) => void;
  postMessage(message: ThreadAnswer, transfer?: Transferable[]): void;
}
const scope = globalThis as unknown as WorkerScope;

let start: ThreadStart, reader: CaseSource;
let last: Promise<void> = Promise.resolve();

scope.onmessage = ({ data }) => {
  if (typeof data === "number") {
    last = last.then(() => answer(data));
  } else {
    start = data;
    reader = caseReader(data.cases, data.maxBytes);
  }
};

async function answer(step: number): Promise<void> {
  try {
    const batch = await sampleBatch(reader, { ...start.options, step });
    const { images, labels } = batch;
    scope.postMessage({ batch }, [images.buffer as ArrayBuffer, labels.buffer as ArrayBuffer]);
  } catch (error) {
    scope.postMessage({ error: error as Error });
  }
}
