import { BACKENDS } from "./backends.ts";
import { ensureRegistered } from "./run_kernel.ts";
import type { TensorFlowOptions } from "./tensorflow/options.ts";
import { tf } from "./tf.ts";

/** The name of a backend, or `"auto"` for the best one that is available. */
export type BackendName = "auto" | "wasm" | "tensorflow" | "webgpu" | "cpu";

/** Options of {@linkcode setBackend}. */
export interface SetBackendOptions {
  /**
   * Number of threads, for backends that have them; 0 means all cores. The cpu backend has one.
   * @default {0}
   */
  threads?: number;
  /**
   * Settings of the tensorflow backend alone.
   * @default {{}}
   */
  tensorflow?: TensorFlowOptions;
}

/** More threads than this are a mistake in the argument, not a machine. */
const MOST_THREADS = 256;

type Name = keyof typeof BACKENDS;

/**
 * Registers and selects what TensorFlow.js computes on. If it fails, the backend before stays selected.
 *
 * @example
 * ```ts
 * import { setBackend, tf } from "@mednext/kernels";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await setBackend("cpu"), "cpu");
 * assertEquals(tf.getBackend(), "cpu");
 * ```
 *
 * @param name Which one. `"auto"` takes tensorflow where TensorFlow finds a GPU, webgpu where there is another, and wasm
 *   elsewhere.
 * @param options The number of threads, and settings of single backends.
 * @returns The name of the backend that was chosen.
 * @throws {RangeError} If this version has no backend of that name, or a setting is out of range.
 * @throws {Error} If the backend does not start: the message says what is missing.
 */
export async function setBackend(
  name: BackendName = "auto",
  options: SetBackendOptions = {},
): Promise<string> {
  checkThreads(name, "threads", options.threads);
  checkThreads(name, "interOpThreads", options.tensorflow?.interOpThreads);
  const chosen = name === "auto" ? await best(options) : checkName(name);
  ensureRegistered();
  await BACKENDS[chosen].start(options);
  if (!await tf.setBackend(chosen)) {
    throw new Error(
      `Cannot set the backend ${JSON.stringify(name)}: expected ${chosen} to start, and it failed`,
    );
  }
  return chosen;
}

/** The first backend whose machine this is. */
async function best(options: SetBackendOptions): Promise<Name> {
  for (const [name, { probe }] of Object.entries(BACKENDS)) {
    if ((await probe(options)).isChoice) return name as Name;
  }
  return "cpu";
}

function checkName(name: string): Name {
  if (Object.hasOwn(BACKENDS, name)) return name as Name;
  throw new RangeError(
    `Cannot set the backend ${JSON.stringify(name)}: expected one that this version has, ${
      ["auto", ...Object.keys(BACKENDS)].map((each) => JSON.stringify(each)).join(", ")
    }`,
  );
}

function checkThreads(backend: string, option: string, threads: number = 0): void {
  if (Number.isInteger(threads) && threads >= 0 && threads <= MOST_THREADS) return;
  throw new RangeError(
    `Cannot set the backend ${
      JSON.stringify(backend)
    }: expected ${option} to be an integer from 0 (all cores) to ${MOST_THREADS}, found ${threads}`,
  );
}
