import { type Allocator, createAllocator } from "./allocator.ts";
import type { KernelExports, KernelName } from "./kernel_exports.ts";
import { type KernelVariant, loadKernels, supportedVariant } from "./load_kernels.ts";

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
  /** The binary that was chosen. */
  variant: KernelVariant;
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
/** The kernels' constants lie below; so do the scratches of the threads. */
const SCRATCH = 32768;

/** Compiles the kernels over a new memory. */
export async function createRuntime(options: RuntimeOptions = {}): Promise<Runtime> {
  const { variant = supportedVariant(), limit = MAXIMUM_PAGES * PAGE } = options;
  const memory = new WebAssembly.Memory({ initial: 16, maximum: MAXIMUM_PAGES, shared: true });
  const instance = await WebAssembly.instantiate(await loadKernels(variant), { env: { memory } });
  const kernels = instance.exports as KernelExports;
  kernels.setThreadScratch(SCRATCH);
  return { memory, allocator: createAllocator(memory, { start: PAGE, limit }), kernels, variant };
}

/** Runs a kernel over all its items. `args` are its arguments before the range. */
export function runKernel(
  runtime: Runtime,
  name: KernelName,
  args: number[],
  job: Job,
): void {
  const kernel = runtime.kernels[name];
  const { items, perTask } = job;
  if (perTask === undefined) return kernel(...args, 0, items);
  for (let begin = 0; begin < items; begin += job.chunk) {
    kernel(...args, begin, Math.min(begin + job.chunk, items));
    args[perTask.argument] += perTask.bytes;
  }
}
