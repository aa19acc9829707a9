/**
 * A worker thread that preprocesses cases, one for each message.
 * @module
 */
import { reasonOf } from "../run/file_system.ts";
import { type CaseJob, preprocessEntry } from "./preprocess_entry.ts";

/** What this package uses of the global scope of a worker; the types at hand are those of a window. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<CaseJob>) => void) | null;
  postMessage(message: unknown): void;
}

const scope = globalThis as unknown as WorkerScope;

scope.onmessage = async ({ data }) => {
  try {
    scope.postMessage({ outcome: await preprocessEntry(data) });
  } catch (error) {
    scope.postMessage({ error: reasonOf(error) });
  }
};
