/**
 * Records how long each WebAssembly kernel takes in a pass of a network.
 */
import { tf } from "@mednext/kernels";
import type { Bench, BottleneckSizes } from "./replay.ts";

/** Calls of one kernel; those of a fused bottleneck are told apart by its sizes. */
export interface Calls {
  readonly kernel: string;
  readonly sizes?: BottleneckSizes;
  milliseconds: number;
  count: number;
}

/** What `tf.backend()` gives for the wasm backend. */
interface Backend {
  readonly runtime: {
    readonly kernels: Bench["kernels"];
    readonly memory: WebAssembly.Memory;
    readonly variant: string;
  };
  run(kernel: string, args: number[], job: unknown): void;
  withScratch<T>(bytes: number, use: (address: number) => T): T;
}

/** The wasm backend, which must be the one that is selected. */
export function wasmBackend(): Backend {
  return tf.backend() as unknown as Backend;
}

/** What the replay of parts needs. */
export function benchOf(backend: Backend): Bench {
  const { kernels, memory } = backend.runtime;
  return { kernels, memory, withScratch: (bytes, use) => backend.withScratch(bytes, use) };
}

/** Runs a pass and gives the calls of all kernels in it, and what all of it took. */
export async function record(
  pass: () => Promise<void>,
): Promise<{ calls: Calls[]; milliseconds: number }> {
  const backend = wasmBackend();
  const calls = new Map<string, Calls>();
  backend.run = (kernel, args, job) => {
    const start = performance.now();
    Object.getPrototypeOf(backend).run.call(backend, kernel, args, job);
    const milliseconds = performance.now() - start;
    const sizes = kernel.startsWith("bottleneck") ? sizesAt(backend, args[0]) : undefined;
    const key = `${kernel} ${JSON.stringify(sizes ?? "")}`;
    const known = calls.get(key) ?? { kernel, sizes, milliseconds: 0, count: 0 };
    known.milliseconds += milliseconds;
    known.count++;
    calls.set(key, known);
  };
  try {
    const start = performance.now();
    await pass();
    return { calls: [...calls.values()], milliseconds: performance.now() - start };
  } finally {
    delete (backend as { run?: unknown }).run;
  }
}

/** The first fields of `packages/kernels/assembly/inverted_bottleneck.ts`. */
function sizesAt({ runtime }: Backend, address: number): BottleneckSizes {
  const fields = new Int32Array(runtime.memory.buffer, address, 4);
  const [channels, expanded, outputs, tile] = fields;
  return { channels, expanded, outputs, tile };
}
