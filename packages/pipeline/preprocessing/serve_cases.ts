import { reasonOf } from "../run/file_system.ts";

/** What this package uses of the global scope of a worker; the types at hand are those of a window. */
interface WorkerScope<Job> {
  onmessage: ((event: MessageEvent<Job>) => void) | null;
  postMessage(message: unknown): void;
}

/** Makes this thread work on the cases that `threadWorker` sends, one for each message. */
export function serveCases<Job>(work: (job: Job) => Promise<unknown>): void {
  const scope = globalThis as unknown as WorkerScope<Job>;
  scope.onmessage = async ({ data }) => {
    try {
      scope.postMessage({ outcome: await work(data) });
    } catch (error) {
      scope.postMessage({ error: reasonOf(error) });
    }
  };
}
