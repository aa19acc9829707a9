import { type Allocator, createAllocator } from "./allocator.ts";
import type { KernelExports, KernelName } from "./kernel_exports.ts";
import { type KernelVariant, loadKernels, supportedVariant } from "./load_kernels.ts";
import { type Pool, runOnPool, startPool, stopPool } from "./pool.ts";

/** One pass of a kernel over its items. */
export interface Job {
  /** Items of the kernel's outermost loop. */
  items: number;
  /** Items of one task. It may depend on the shapes, never on the number of threads. */
  chunk: number;
  /** An argument that is an address and moves by `bytes` from task to task: each task's own results. */
  perTask?: { argument: number; bytes: number };
}

/** The memory, the compiled kernels and what runs them. */
export interface Runtime {
  /** Every tensor lies in this memory. It is shared, so that its growth never detaches a view. */
  memory: WebAssembly.Memory;
  /** Which part of the memory is in use. */
  allocator: Allocator;
  /** The instance of the calling thread. */
  kernels: KernelExports;
  /** The binary that was chosen, and its module. */
  variant: KernelVariant;
  module: WebAssembly.Module;
  /** The threads, when there are more than the calling one. */
  pool?: Pool;
}

/** Settings of {@linkcode createRuntime}. */
export interface RuntimeOptions {
  /** The binary. @default {the best that the engine runs} */
  variant?: KernelVariant;
  /** Largest size of the memory in bytes, below 4 GiB. @default {65535 pages of 64 KiB} */
  limit?: number;
}

const PAGE = 65536;
/** The kernels are compiled for a memory of at most so many pages: one less than 4 GiB. */
const MAXIMUM_PAGES = 65535;
/** The kernels' constants lie below, the scratches of at most 256 threads from here to the end of the page. */
const SCRATCH = 32768;
const SCRATCH_BYTES = 128;

/** Compiles the kernels over a new memory, for one thread. */
export async function createRuntime(options: RuntimeOptions = {}): Promise<Runtime> {
  const { variant = supportedVariant(), limit = MAXIMUM_PAGES * PAGE } = options;
  const memory = new WebAssembly.Memory({ initial: 16, maximum: MAXIMUM_PAGES, shared: true });
  const module = await loadKernels(variant);
  const instance = await WebAssembly.instantiate(module, { env: { memory } });
  const kernels = instance.exports as KernelExports;
  kernels.setThread(SCRATCH, 0);
  return {
    memory,
    allocator: createAllocator(memory, { start: PAGE, limit }),
    kernels,
    variant,
    module,
  };
}

/** Changes the number of threads; the results do not depend on it. */
export function setThreads(runtime: Runtime, threads: number): void {
  if (threads === (runtime.pool?.threads ?? 1)) return;
  if (runtime.pool !== undefined) stopPool(runtime.pool);
  const { module, memory, kernels } = runtime;
  const scratch = (index: number) => SCRATCH + index * SCRATCH_BYTES;
  runtime.pool = threads > 1 ? startPool({ module, memory, kernels, threads, scratch }) : undefined;
}

/** Runs a kernel over all its items. `args` are its arguments before the range. */
export function runKernel(runtime: Runtime, name: KernelName, args: number[], job: Job): void {
  const { items, chunk, perTask } = job;
  if (runtime.pool !== undefined && items > chunk) {
    const { argument, bytes } = perTask ?? { argument: -1, bytes: 0 };
    return runOnPool(runtime.pool, { kernel: name, args, items, chunk, argument, bytes });
  }
  const kernel = runtime.kernels[name];
  // One pass over everything: only results of their own keep tasks apart.
  if (perTask === undefined) return kernel(...args, 0, items);
  const own = [...args];
  for (let begin = 0; begin < items; begin += chunk) {
    kernel(...own, begin, Math.min(begin + chunk, items));
    own[perTask.argument] += perTask.bytes;
  }
}
