import { Worker } from "node:worker_threads";
import { CONTROL_LAYOUT, createControlBlock } from "./control_block.ts";
import { takeTasks, type TaskTaker } from "./take_tasks.ts";
import { workerMain } from "./worker_main.ts";

/**
 * Threads that share the memory. The calling thread hands out one job at a time, takes its tasks like the others, and
 * then waits for the tasks that others have taken.
 */
export interface Pool {
  /** Number of threads, the calling one among them. */
  threads: number;
  /** Names of the kernels, in the order in which jobs count them. */
  names: string[];
  /** The calling thread's share. */
  taker: TaskTaker;
}

/** What a pool is made from. */
export interface PoolOptions {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  /** The calling thread's instance. */
  kernels: Record<string, (...numbers: number[]) => void>;
  /** Number of threads, the calling one among them. */
  threads: number;
  /** Address of the scratch of a thread. */
  scratch: (index: number) => number;
}

/** A kernel over its items, in tasks of `chunk` items. */
export interface PoolJob {
  kernel: string;
  args: number[];
  items: number;
  chunk: number;
  /** The argument that moves by `bytes` from task to task; -1 for none. */
  argument: number;
  bytes: number;
}

/** Longest that the workers may take to start, in milliseconds. */
const START = 30_000;
/** How often the calling thread looks for the others' end before it goes to sleep. */
const SPINS = 2000;

/**
 * Starts `threads` - 1 workers and waits until they run.
 *
 * They are Node's worker threads, which Deno has built in, for two reasons. Such a worker can be let go of (`unref`),
 * so that it keeps no process alive although it sleeps in `Atomics.wait`, where a web worker can neither be let go of
 * nor be terminated. And it starts from a text, so that no file has to be found and read when the package comes from
 * JSR over https.
 */
export function startPool(options: PoolOptions): Pool {
  const { module, memory, kernels, threads, scratch } = options;
  const control = createControlBlock();
  const layout = CONTROL_LAYOUT;
  const names = Object.keys(kernels);
  const taker = { control, layout, kernels: names.map((name) => kernels[name]), index: 0 };
  const source = `(${workerMain})(require("node:worker_threads").workerData, ${takeTasks})`;
  for (let index = 1; index < threads; index++) {
    const start = { module, memory, control, layout, names, index, scratch: scratch(index) };
    new Worker(source, { eval: true, workerData: start }).unref();
  }
  awaitStart(new Int32Array(control), threads - 1);
  return { threads, names, taker };
}

function awaitStart(numbers: Int32Array, workers: number): void {
  const { running } = CONTROL_LAYOUT;
  const deadline = Date.now() + START;
  for (;;) {
    const started = Atomics.load(numbers, running);
    if (started === workers) return;
    if (Date.now() > deadline) {
      throw new Error(
        `Cannot start the threads of the wasm backend: expected ${workers} within ${START} ms, found ${started}`,
      );
    }
    Atomics.wait(numbers, running, started, 100);
  }
}

/**
 * Runs a job on all threads and returns when it is done. The tasks are the same however many threads there are.
 *
 * @throws {Error} If a task fails, in whichever thread.
 */
export function runOnPool({ names, taker }: Pool, job: PoolJob): void {
  const { control, layout } = taker;
  const numbers = new Int32Array(control);
  const tasks = Math.ceil(job.items / job.chunk);
  numbers[layout.kernel] = names.indexOf(job.kernel);
  for (const key of ["items", "chunk", "argument", "bytes"] as const) {
    numbers[layout[key]] = job[key];
  }
  numbers[layout.tasks] = tasks;
  numbers[layout.count] = job.args.length;
  new Float64Array(control, layout.values * 8, job.args.length).set(job.args);
  Atomics.store(numbers, layout.next, 0);
  Atomics.store(numbers, layout.open, 1);
  Atomics.add(numbers, layout.wake, 1);
  Atomics.notify(numbers, layout.wake, tasks - 1);
  takeTasks(taker);
  Atomics.store(numbers, layout.open, 0);
  join(numbers);
  if (Atomics.exchange(numbers, layout.failed, 0) !== 0) throw failure(numbers, job.kernel);
}

/** Waits until no worker looks at the job. */
function join(numbers: Int32Array): void {
  const { active } = CONTROL_LAYOUT;
  for (let spin = 0; spin < SPINS; spin++) {
    if (Atomics.load(numbers, active) === 0) return;
  }
  for (let count = Atomics.load(numbers, active); count !== 0;) {
    Atomics.wait(numbers, active, count);
    count = Atomics.load(numbers, active);
  }
}

function failure(numbers: Int32Array, kernel: string): Error {
  const { text } = CONTROL_LAYOUT;
  const units = numbers.subarray(text + 1, text + 1 + numbers[text]);
  return new Error(`Cannot run the WebAssembly kernel ${kernel}, ${String.fromCharCode(...units)}`);
}

/** Lets the workers end. */
export function stopPool({ taker: { control, layout } }: Pool): void {
  const numbers = new Int32Array(control);
  Atomics.store(numbers, layout.stop, 1);
  Atomics.add(numbers, layout.wake, 1);
  Atomics.notify(numbers, layout.wake);
}
