import type { ControlLayout } from "./control_block.ts";
import type { TaskTaker } from "./take_tasks.ts";

/** What a worker is given when it starts. */
export interface WorkerStart {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  control: SharedArrayBuffer;
  layout: ControlLayout;
  /** Names of the exports, in the order in which jobs count them. */
  names: string[];
  /** The number of the thread, from 1. */
  index: number;
  /** Address of the thread's scratch. */
  scratch: number;
}

/**
 * The life of a worker: it makes its own instance over the shared memory, then sleeps until there is a job.
 *
 * Workers get this function as text: it may use nothing but its arguments.
 */
export function workerMain(start: WorkerStart, takeTasks: (taker: TaskTaker) => void): void {
  const { module, memory, control, layout, names, index, scratch } = start;
  const numbers = new Int32Array(control);
  const instance = new WebAssembly.Instance(module, { env: { memory } });
  const exports = instance.exports as Record<string, (...numbers: number[]) => void>;
  exports.setThread(scratch, index);
  const taker = { control, layout, kernels: names.map((name) => exports[name]), index };
  let seen = Atomics.load(numbers, layout.wake);
  Atomics.add(numbers, layout.running, 1);
  Atomics.notify(numbers, layout.running);
  for (;;) {
    Atomics.wait(numbers, layout.wake, seen);
    seen = Atomics.load(numbers, layout.wake);
    if (Atomics.load(numbers, layout.stop) !== 0) return;
    // Whoever comes late finds the job closed and leaves without reading it.
    Atomics.add(numbers, layout.active, 1);
    if (Atomics.load(numbers, layout.open) !== 0) takeTasks(taker);
    if (Atomics.sub(numbers, layout.active, 1) === 1) Atomics.notify(numbers, layout.active);
  }
}
